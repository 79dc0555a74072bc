export type { Pace } from './account-files.js';
export {
  agreedBooks,
  bookkeepersOf,
  printBooks,
  readBooks,
  type Book,
  type Bookkeepers,
  type Books,
} from './books.js';
export { browse, type Reach } from './browse.js';
export { caseFileOf, printCaseFile, type Trace } from './by-payment/case-file.js';
export {
  comparePayments,
  printDifferences,
  type Comparison,
  type Difference,
} from './by-payment/compare-payments.js';
export {
  disagreementsOf,
  dueOf,
  leftOf,
  PARTIES,
  type Move,
  type Party,
  type PaymentBooks,
} from './by-payment/moves.js';
export { call, Refused, type Call } from './call.js';
export type { AttemptView, PaymentView, RefundView, SurplusView } from './checkout-views.js';
export { change } from './change.js';
export { cutSessions, type Cut } from './cut-sessions.js';
export { ask, readRows, type Columns } from './database.js';
export { Gate, type Place, type Waiting } from './gate.js';
export { Dice } from './history/dice.js';
export { history, type HistoryAsked, type Past } from './history/history.js';
export {
  askTables,
  type AdoptionLine,
  type GrowthLine,
  type Tables,
  type VolumeLine,
} from './history/tables.js';
export { tellHistory } from './history/tell-history.js';
export { Merchant, type Known, type OrderAsked } from './merchant.js';
export { metricOf } from './metrics.js';
export { OpenTransaction } from './open-transaction.js';
export {
  Operator,
  type AdoptionView,
  type AmountView,
  type DecisionsView,
  type EntryView,
  type VolumesView,
} from './operator.js';
export { Payer, type Phone, type Reaction } from './payer.js';
export {
  ProviderControl,
  type OrderView,
  type OrderViews,
  type SandboxFault,
  type Totals,
} from './provider-control.js';
export { ProviderSandbox, type Armed } from './provider-sandbox.js';
export { Reaper } from './reaper.js';
export { startRing, type Ring, type RingOptions } from './ring.js';
export { RING_SERVICES, type RingService } from './ring-services.js';
export { SANDBOX } from './sandbox-spec.js';
export { SandboxControl, type WaitingFault, type WorldFault } from './sandbox-control.js';
export { pointedAt, type PointedAt, type Shown } from './shown-order.js';
export { ServiceProcess, type ServiceSpec } from './service-process.js';
export { acrossInStore, acrossOnline, wechatCodeInStore } from './story/across.js';
export type { Booked } from './story/buying.js';
export { nobodyPays, payAfterClosing, payWhileClosing, type Ended } from './story/closing.js';
export { alipayOffTaobao, quickpassElsewhere } from './story/elsewhere.js';
export { payInApp } from './story/full-introduction.js';
export { refundInParts } from './story/giving-back.js';
export { amountsAtTheLimit, outsideTheShare, whateverIsKnown } from './story/limits.js';
export { lostRace, type LostRace } from './story/lost-race.js';
export { answerIsLost, toldLateAndTwice, wrongAmount, type Mishap } from './story/mishaps.js';
export { friendPays, payByScanning, type FriendPaid } from './story/pilot.js';
export { play } from './story/play.js';
export { APP, LINK, QR, setStage, type Seen, type Stage } from './story/stage.js';
export { alipayAlone, unionpayOpens } from './story/unionpay-opens.js';
export {
  opensslSays,
  UnionpayOpinion,
  type Opinion,
  type OpinionKeys,
} from './unionpay-opinion.js';
export { WriteLog, type Written } from './write-log.js';
export { BuiltSdk, SdkMerchant, type Said, type SdkSurroundings } from './wechat-sdk.js';
