/** Who is counted: those who paid, or those who were paid. */
export const ENTITIES = ['payer', 'merchant'] as const;
export type Entity = (typeof ENTITIES)[number];
