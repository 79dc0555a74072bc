import { randomBytes } from 'node:crypto';
import {
  acrossInStore,
  acrossOnline,
  alipayAlone,
  alipayOffTaobao,
  amountsAtTheLimit,
  answerIsLost,
  friendPays,
  lostRace,
  nobodyPays,
  outsideTheShare,
  payAfterClosing,
  payByScanning,
  payInApp,
  payWhileClosing,
  quickpassElsewhere,
  refundInParts,
  toldLateAndTwice,
  unionpayOpens,
  wechatCodeInStore,
  whateverIsKnown,
  wrongAmount,
  type Seen,
  type Stage,
} from '@hutong/world';

/** One part of the story: when it happens, what is shown, and how. */
export type Scene = Readonly<{
  when: string;
  title: string;
  scene: (stage: Stage) => Promise<readonly Seen[]>;
}>;

/** One scene as it came out: the payments in it, and what everybody's books then said. */
export type Told = Omit<Scene, 'scene'> & Readonly<{ payments: readonly Seen[]; books: string }>;

const PILOT = 'November 2023';
const FULL = 'September 2024';
const ANY_DAY = 'any day';

/** How three providers came to be one choice, in the order in which it is told. */
export const scenes: readonly Scene[] = [
  {
    when: 'April 2021',
    title: 'Taobao has Alipay, and nobody else',
    scene: async (stage) => [await alipayAlone(stage)],
  },
  {
    when: 'July 2021',
    title: 'UnionPay opens on Taobao: Cloud QuickPass, and the app of a bank',
    scene: unionpayOpens,
  },
  {
    when: '2022',
    title: 'Cloud QuickPass on JD, on Pinduoduo and in a WeChat mini program',
    scene: quickpassElsewhere,
  },
  {
    when: '2022',
    title: 'Alipay off Taobao',
    scene: async (stage) => [await alipayOffTaobao(stage)],
  },
  {
    when: 'May 2022',
    title: "each one's code is scanned with the other's app",
    scene: acrossOnline,
  },
  {
    when: 'December 2021 and January 2022',
    title: "a store reads codes: through whose acceptance is the policy's order",
    scene: acrossInStore,
  },
  {
    when: 'January 2022',
    title: "a store reads a code of WeChat's, and is told why not",
    scene: async (stage) => [await wechatCodeInStore(stage)],
  },
  {
    when: PILOT,
    title: '¥128.00 of a payer without a bound card, by a code to scan',
    scene: async (stage) => [await payByScanning(stage, newTraceparent())],
  },
  {
    when: PILOT,
    title: 'the same by a link: opened twice and by a crawler, paid by a friend',
    scene: async (stage) => [await friendPays(stage)],
  },
  { when: PILOT, title: 'at most ¥300.00 a payment', scene: amountsAtTheLimit },
  {
    when: PILOT,
    title: 'only for payers known to have no bound card, or no balance',
    scene: whateverIsKnown,
  },
  {
    when: PILOT,
    title: 'only for a share of all payers',
    scene: async (stage) => [await outsideTheShare(stage)],
  },
  {
    when: FULL,
    title: '¥2,999.00 of somebody who was outside the share, by switching to the app',
    scene: async (stage) => [await payInApp(stage)],
  },
  {
    when: ANY_DAY,
    title: 'a part goes back, then the rest; a third refund is refused',
    scene: async (stage) => [await refundInParts(stage)],
  },
  {
    when: ANY_DAY,
    title: 'nobody pays: closed at the provider, then here',
    scene: async (stage) => [await nobodyPays(stage)],
  },
  {
    when: ANY_DAY,
    title: 'somebody pays in the very moment of closing',
    scene: (stage) => payWhileClosing(stage, 3),
  },
  {
    when: ANY_DAY,
    title: 'money comes after the provider confirmed the closing',
    scene: async (stage) => [await payAfterClosing(stage)],
  },
  {
    when: ANY_DAY,
    title: 'the provider takes the order, and its answer is lost',
    scene: async (stage) => [await answerIsLost(stage)],
  },
  {
    when: ANY_DAY,
    title: 'the notification comes late, and then twice at once',
    scene: async (stage) => [await toldLateAndTwice(stage)],
  },
  {
    when: ANY_DAY,
    title: 'a fen too much is surplus, and goes back',
    scene: async (stage) => [await wrongAmount(stage)],
  },
  {
    when: ANY_DAY,
    title: 'two providers race for one payment: the second money goes back by itself',
    scene: async (stage) => [await lostRace(stage)],
  },
];

const newTraceparent = (): string =>
  `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
