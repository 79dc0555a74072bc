/** What may be kept of a fault: its class and code. Its message may quote anybody's data. */
export type FaultName = Readonly<{ errorClass: string; errorCode: string }>;

export function faultName(fault: unknown): FaultName {
  if (!(fault instanceof Error)) return { errorClass: `thrown ${typeof fault}`, errorCode: '' };
  const code = 'code' in fault && typeof fault.code === 'string' ? fault.code : '';
  return { errorClass: fault.name, errorCode: code };
}
