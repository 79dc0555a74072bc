import { ok, refuse, type Result } from '@hutong/result';
import type { Fault } from '../faults/faults.js';
import { isErrorCode } from '../wechat/refusal.js';
import { isFaultOf, isWechatCall, WECHAT_FAULTS } from '../wechat/wechat-faults.js';

export type FaultRefusal =
  | Readonly<{ code: 'call_unknown' | 'fault_unknown'; known: readonly string[] }>
  | Readonly<{ code: 'error_code_unknown' }>;

/** Whether the provider's call knows this fault; it is armed only then. */
export function checkFault(fault: Fault): Result<Fault, FaultRefusal> {
  if (!isWechatCall(fault.call)) {
    return refuse({ code: 'call_unknown', known: Object.keys(WECHAT_FAULTS) });
  }
  if (!isFaultOf(fault.call, fault.fault)) {
    return refuse({ code: 'fault_unknown', known: WECHAT_FAULTS[fault.call] });
  }
  if (fault.fault === 'refuse' && (fault.code === undefined || !isErrorCode(fault.code))) {
    return refuse({ code: 'error_code_unknown' });
  }
  return ok(fault);
}
