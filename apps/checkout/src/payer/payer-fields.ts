import type { Presentation } from '@hutong/domain-events';
import type { SealedFields } from '@hutong/gateway';

/** What a gateway can use of the payer, by how they pay; what it cannot use is sealed for nobody. */
const usedBy: Readonly<Record<Presentation, readonly (keyof SealedFields)[]>> = {
  qr: [],
  link: [],
  redirect: ['clientIp'],
  app: ['clientIp'],
  mini_program: ['openid', 'clientIp'],
  barcode: ['code', 'clientIp'],
};

/** Those fields that the gateway can use; undefined if there are none, and nothing to seal. */
export function fieldsFor(
  presentation: Presentation,
  payer: SealedFields,
): SealedFields | undefined {
  const used = usedBy[presentation].flatMap((name) => {
    const value = payer[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return used.length === 0 ? undefined : Object.fromEntries(used);
}
