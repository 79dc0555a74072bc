import type { Known } from '../merchant.js';
import { look, PILOT, type Seen, type Stage } from './stage.js';

const KNOWN = ['yes', 'no', 'unknown'] as const satisfies Known[];
const ORDER = { minor: '12800', at: PILOT } as const;

/** The largest amount of the pilot, and a fen more. */
export const amountsAtTheLimit = (stage: Stage): Promise<Seen[]> =>
  Promise.all(
    [['¥300.00', '30000'] as const, ['¥300.01', '30001'] as const].map(async ([what, minor]) =>
      asked(stage, what, { minor, orderReference: `limit-${minor}`, userId: stage.insider }),
    ),
  );

/** Everything that a platform may know of a payer's bound card and balance. */
export async function whateverIsKnown(stage: Stage): Promise<Seen[]> {
  const pairs = KNOWN.flatMap((card) => KNOWN.map((balance) => [card, balance] as const));
  return Promise.all(
    pairs.map(([hasBoundCard, hasBalance]) =>
      asked(stage, `bound card ${hasBoundCard}, balance ${hasBalance}`, {
        orderReference: `known-${hasBoundCard}-${hasBalance}`,
        userId: stage.insider,
        hasBoundCard,
        hasBalance,
      }),
    ),
  );
}

/** Everything fits but the payer's place outside the share. */
export const outsideTheShare = (stage: Stage): Promise<Seen> =>
  asked(stage, 'a payer outside the share', {
    orderReference: 'outside',
    userId: stage.outsider,
    hasBoundCard: 'no',
  });

type Asking = Omit<Parameters<Stage['merchant']['request']>[0], 'minor'> &
  Readonly<{ minor?: string }>;

async function asked(stage: Stage, what: string, order: Asking): Promise<Seen> {
  const { paymentId } = await stage.merchant.request({ ...ORDER, ...order });
  return look(stage, what, paymentId);
}
