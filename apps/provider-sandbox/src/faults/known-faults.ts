import { ok, refuse, type Result } from '@hutong/result';
import type { Fault } from './faults.js';

/** What may go wrong at one provider: by call, and with which of its errors. */
export type FaultCatalogue = Readonly<{
  provider: string;
  calls: Readonly<Record<string, readonly string[]>>;
  /** Which of them say an error beside `refuse`. */
  sayAnError?: readonly string[];
  isErrorCode(text: string): boolean;
}>;

export type FaultRefusal =
  | Readonly<{
      code: 'provider_unknown' | 'call_unknown' | 'fault_unknown';
      known: readonly string[];
    }>
  | Readonly<{ code: 'error_code_unknown' }>;

/** Whether the provider's call knows this fault; it is armed only then. */
export function checkFault(
  fault: Fault,
  catalogues: readonly FaultCatalogue[],
): Result<Fault, FaultRefusal> {
  const catalogue = catalogues.find(({ provider }) => provider === fault.provider);
  if (catalogue === undefined) {
    const known = catalogues.map(({ provider }) => provider);
    return refuse({ code: 'provider_unknown', known });
  }
  const faults = Object.hasOwn(catalogue.calls, fault.call) && catalogue.calls[fault.call];
  if (!faults) return refuse({ code: 'call_unknown', known: Object.keys(catalogue.calls) });
  if (!faults.includes(fault.fault)) return refuse({ code: 'fault_unknown', known: faults });
  const { sayAnError = [], isErrorCode } = catalogue;
  const saysOne = fault.fault === 'refuse' || sayAnError.includes(fault.fault);
  if (saysOne && (fault.code === undefined || !isErrorCode(fault.code))) {
    return refuse({ code: 'error_code_unknown' });
  }
  return ok(fault);
}
