import { PROVIDERS, type Provider } from '@hutong/domain-events';

/** What goes wrong at the sandbox by chance, all the time. */
export type Chance = Readonly<{
  provider: Provider;
  call: string;
  fault: string;
  /** Of all such calls. */
  share: number;
  seed: number;
  delayMs?: number;
  code?: string;
}>;

/** As a payer or an operator would call it. */
export const INJURIES = [
  'lost answer',
  'lost call',
  '5xx',
  'slow',
  'duplicate',
  'delay',
  'reorder',
  'forged or not believed',
  'wrong amount',
  'success after close',
  'refused or limited',
  'refund fails or is late',
] as const;
export type Injury = (typeof INJURIES)[number];

/** The injury that each of the sandbox's faults is. */
const INJURY_OF: Readonly<Record<string, Injury>> = {
  drop_answer: 'lost answer',
  no_notification: 'lost call',
  drop_request: 'lost call',
  error_500: '5xx',
  error_500_after: '5xx',
  unknown_20000_after: '5xx',
  answer_code: '5xx',
  delay_answer: 'slow',
  delay: 'delay',
  reorder: 'reorder',
  duplicate_notification: 'duplicate',
  parallel_notification: 'duplicate',
  bad_signature: 'forged or not believed',
  signtest: 'forged or not believed',
  wrong_amount: 'wrong amount',
  success_after_close: 'success after close',
  rate_limited: 'refused or limited',
  ends_late: 'refund fails or is late',
  moves_late: 'refund fails or is late',
  ends_failed: 'refund fails or is late',
  ends_closed: 'refund fails or is late',
};

/** @throws Error on a fault that no plan of ours has. */
export function injuryOf(fault: string): Injury {
  const injury = INJURY_OF[fault];
  if (injury === undefined) throw new Error(`${fault} is in no plan`);
  return injury;
}

type Row = Readonly<{
  call: string;
  fault: string;
  share: number;
  delayMs?: number;
  code?: string;
}>;

/** Longer than a gateway waits for an answer, which is 5 s. */
const TOO_SLOW_MS = 6_500;
const SLOW_MS = 1_200;
/** So long news may be held until other news of its order went before: a refund may come of it meanwhile. */
export const HELD_MS = 30_000;

const anywhere = (call: string, share: number): readonly Row[] => [
  { call, fault: 'drop_answer', share },
  { call, fault: 'error_500_after', share },
  { call, fault: 'delay_answer', share, delayMs: SLOW_MS },
  { call, fault: 'bad_signature', share: share / 2 },
];
const undone = (call: string, share: number): readonly Row[] => [
  { call, fault: 'drop_request', share },
  { call, fault: 'error_500', share },
];
const slowly = (call: string): Row => ({
  call,
  fault: 'delay_answer',
  share: 0.01,
  delayMs: TOO_SLOW_MS,
});

/** Refunds that never arrive take ten minutes at UnionPay to be sure of: kills make enough of them. */
const ROWS: Readonly<Partial<Record<Provider, readonly Row[]>>> = {
  wechat: [
    ...anywhere('create', 0.02),
    ...undone('create', 0.02),
    slowly('create'),
    { call: 'create', fault: 'rate_limited', share: 0.01 },
    ...anywhere('query', 0.03),
    ...undone('query', 0.02),
    ...anywhere('close', 0.04),
    ...undone('close', 0.03),
    ...anywhere('refund', 0.03),
    ...undone('refund', 0.02),
    { call: 'refund', fault: 'ends_closed', share: 0.03 },
    { call: 'refund', fault: 'ends_late', share: 0.05, delayMs: 60_000 },
    { call: 'notify_refund', fault: 'duplicate_notification', share: 0.1 },
    { call: 'notify_refund', fault: 'reorder', share: 0.1, delayMs: HELD_MS },
    { call: 'notify_refund', fault: 'drop_answer', share: 0.05 },
  ],
  alipay: [
    ...anywhere('precreate', 0.02),
    ...undone('precreate', 0.02),
    slowly('precreate'),
    { call: 'precreate', fault: 'unknown_20000_after', share: 0.02 },
    ...anywhere('query', 0.03),
    ...undone('query', 0.02),
    ...anywhere('close', 0.04),
    ...undone('close', 0.03),
    ...anywhere('refund', 0.03),
    ...undone('refund', 0.02),
    { call: 'refund', fault: 'moves_late', share: 0.05, delayMs: 60_000 },
  ],
  unionpay: [
    ...anywhere('create', 0.02),
    ...undone('create', 0.02),
    slowly('create'),
    { call: 'create', fault: 'answer_code', share: 0.01, code: '05' },
    ...anywhere('query', 0.03),
    ...undone('query', 0.02),
    ...anywhere('refund', 0.03),
    ...anywhere('undo', 0.03),
    { call: 'refund', fault: 'ends_late', share: 0.05, delayMs: 60_000 },
    { call: 'undo', fault: 'ends_failed', share: 0.05 },
    { call: 'notify_refund', fault: 'duplicate_notification', share: 0.1 },
    { call: 'notify_refund', fault: 'reorder', share: 0.1, delayMs: HELD_MS },
    { call: 'notify_refund', fault: 'drop_answer', share: 0.05 },
  ],
};

/** Every one with dice of its own. */
export const planChances = (seed: number): readonly Chance[] =>
  PROVIDERS.flatMap((provider, p) =>
    (ROWS[provider] ?? []).map((row, n) => ({
      provider,
      ...row,
      seed: (Math.imul(seed, 0x01000193) ^ (p * 1_000 + n)) >>> 0,
    })),
  );

/** More than any run has occasions: what is left of them tells how often a chance has struck. */
export const MANY_CHANCES = 1_000_000;
