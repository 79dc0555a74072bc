import type { AlipayRefusal } from './refusal.js';

/** What a call answers inside of its node. */
export type Node = Readonly<Record<string, unknown>>;

export type Reply =
  Readonly<{ kind: 'done'; node: Node }> | Readonly<{ kind: 'refused'; refusal: AlipayRefusal }>;

export const answered = (said: Node): Reply => ({
  kind: 'done',
  node: { code: '10000', msg: 'Success', ...said },
});

/** trade.pay alone: the trade is there, and its payer is asked. */
export const waitsForPayer = (said: Node): Reply => ({
  kind: 'done',
  node: { code: '10003', msg: 'order success pay inprocess', ...said },
});

export const refused = (refusal: AlipayRefusal): Reply => ({ kind: 'refused', refusal });

/** What goes out: a refusal too has a node. */
export const nodeOf = (reply: Reply): Node => {
  if (reply.kind === 'done') return reply.node;
  const { code, msg, subCode, subMsg } = reply.refusal;
  return { code, msg, sub_code: subCode, sub_msg: subMsg };
};
