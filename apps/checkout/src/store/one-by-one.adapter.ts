import type { PaymentId } from '@hutong/domain-events';
import type { Logger } from '@hutong/telemetry';

/**
 * Does the work for each payment by itself, so that one that cannot be done holds up no other.
 * @param work says whether it did anything: another instance may have been first.
 * @returns for how many it did.
 */
export async function oneByOne(
  ids: readonly PaymentId[],
  { what, logger }: Readonly<{ what: string; logger: Logger }>,
  work: (id: PaymentId) => Promise<boolean>,
): Promise<number> {
  let done = 0;
  for (const id of ids) {
    try {
      if (await work(id)) done += 1;
    } catch (cause) {
      logger.error('payment left for the next time', { step: what, paymentId: id }, cause);
    }
  }
  return done;
}
