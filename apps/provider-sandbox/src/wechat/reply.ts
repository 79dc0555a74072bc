import type { WechatRefusal } from './refusal.js';

/** What a call answers: a 2xx will be signed, a refusal will not. */
export type Reply =
  | Readonly<{ kind: 'done'; status: 200 | 202 | 204; body?: Readonly<Record<string, unknown>> }>
  | Readonly<{ kind: 'refused'; refusal: WechatRefusal }>;

export const answered = (body: Readonly<Record<string, unknown>>): Reply => ({
  kind: 'done',
  status: 200,
  body,
});

/** Done, and there is nothing to say. */
export const NO_CONTENT: Reply = { kind: 'done', status: 204 };

/** Not done yet: the caller repeats the identical request. */
export const ACCEPTED: Reply = { kind: 'done', status: 202 };

export const refused = (refusal: WechatRefusal): Reply => ({ kind: 'refused', refusal });
