/** What a platform's key may be allowed to do. */
export const SCOPES = [
  'payments:write',
  'payments:read',
  'webhooks:write',
  'webhooks:read',
] as const;
export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);
