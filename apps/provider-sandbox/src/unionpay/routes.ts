import type { Way } from './order.js';
import type { ApiCall } from './unionpay-faults.js';
import type { Fields } from './unionpay.signature.js';

/** What a request asks for. */
export type CallKind = Way | 'undo' | 'refund' | 'query';

type Route = Readonly<{ path: string; txnType: string; txnSubType: string; bizType?: string }>;

const FRONT = '/gateway/api/frontTransReq.do';
const APP = '/gateway/api/appTransReq.do';
const BACK = '/gateway/api/backTransReq.do';
const QUERY = '/gateway/api/queryTrans.do';

/** A refund and an undo come under the bizType of their payment or under 000000: sources differ. */
const ROUTES: Readonly<Record<CallKind, Route>> = {
  page: { path: FRONT, txnType: '01', txnSubType: '01', bizType: '000201' },
  app: { path: APP, txnType: '01', txnSubType: '01', bizType: '000201' },
  qr: { path: BACK, txnType: '01', txnSubType: '07', bizType: '000000' },
  barcode: { path: BACK, txnType: '01', txnSubType: '06', bizType: '000000' },
  undo: { path: BACK, txnType: '31', txnSubType: '00' },
  refund: { path: BACK, txnType: '04', txnSubType: '00' },
  query: { path: QUERY, txnType: '00', txnSubType: '00', bizType: '000000' },
};
const KINDS = ['page', 'app', 'qr', 'barcode', 'undo', 'refund', 'query'] as const;
const PATHS: readonly string[] = [FRONT, APP, BACK, QUERY];

export const isPath = (path: string): boolean => PATHS.includes(path);
/** Where a browser posts to, and is answered by a page. */
export const isFront = (path: string): boolean => path === FRONT;

/** @returns `undefined` for types that this path does not know, or not for this business. */
export const kindOf = (path: string, fields: Fields): CallKind | undefined =>
  KINDS.find((kind) => {
    const route = ROUTES[kind];
    return (
      route.path === path &&
      route.txnType === fields['txnType'] &&
      route.txnSubType === fields['txnSubType'] &&
      (route.bizType === undefined || route.bizType === fields['bizType'])
    );
  });

/** The call's name where faults are armed. */
export const faultCallOf: Readonly<Record<CallKind, ApiCall>> = {
  page: 'create',
  app: 'create',
  qr: 'create',
  barcode: 'create',
  undo: 'undo',
  refund: 'refund',
  query: 'query',
};
