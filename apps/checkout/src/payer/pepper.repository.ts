import type { Secret } from '@hutong/config';
import type { CheckoutDatabase } from '../store/database.repository.js';
import { fingerprintOf } from './payer-key.signature.js';

const SHORTEST = 32;
const ONLY_ROW = 1;

/**
 * Makes sure that payer keys go on being made with the pepper that they were first made with: with
 * another, every payer would count as a new one.
 * @throws Error naming the variable, never a value, if the pepper is short or another than before.
 */
export async function keepPepper(db: CheckoutDatabase, pepper: Secret): Promise<void> {
  if (pepper.reveal().length < SHORTEST) {
    throw new Error(`PAYER_KEY_PEPPER_FILE holds fewer than ${SHORTEST} characters`);
  }
  const fingerprint = fingerprintOf(pepper);
  await db.query(
    'insert into pepper_fingerprint (id, fingerprint) values ($1, $2) on conflict do nothing',
    [ONLY_ROW, fingerprint],
  );
  const kept = await db.prisma.pepperFingerprint.findUniqueOrThrow({ where: { id: ONLY_ROW } });
  if (kept.fingerprint !== fingerprint) {
    throw new Error('PAYER_KEY_PEPPER_FILE holds another pepper than this database was used with');
  }
}
