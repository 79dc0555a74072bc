import type { AmountView, EntryView, Ring, VolumesView } from '@hutong/world';
import { addressOf } from './cast.js';
import type { Seen } from './one-payment.js';
import { printTimeline } from './timeline.js';

/** What one payment left behind, for a terminal. */
export function printSeen({ timeline, payment, ledger }: Seen): string {
  const { uniques, instrument, from } = ledger.uniquePayers;
  return [
    '',
    "The payment's way, each hop with the milliseconds since the one before and since the first",
    "(the payer's own time is counted apart):",
    printTimeline(timeline),
    '',
    'What the merchant is answered:',
    `  payment ${payment.paymentId} is ${payment.status}`,
    ...payment.attempts.map((one) => `  attempt ${one.attemptId} ${one.method} ${one.status}`),
    '',
    "What the ledger's operator sees:",
    ...ledger.entries.flatMap(printEntry),
    ...printVolumes(ledger.volumes),
    `  unique payers by ${instrument} on taobao on ${from}: ${uniques}`,
    '',
  ].join('\n');
}

const printEntry = (entry: EntryView): string[] => [
  `  entry ${entry.type} of ${entry.bookedDay}, ${yuan(entry.gross)}, fee ${yuan(entry.fee)}`,
  ...entry.postings.map(
    ({ account, amount }) => `    ${account.padEnd(40)} ${yuan(amount).padStart(12)}`,
  ),
  `    ${'sum'.padEnd(40)} ${yuan({ currency: 'CNY', minor: entry.sum }).padStart(12)}`,
];

const printVolumes = (v: VolumesView): string[] =>
  v.platform.map((platform, i) => {
    const method = [v.provider[i], v.instrument[i], v.presentation[i]].join('/');
    const gross = yuan({ currency: v.currency[i] ?? '', minor: v.gross[i] ?? '0' });
    return `  volume ${platform} ${method}: ${v.ok[i]} paid, ${gross}`;
  });

/** `-12723` fen as `-¥127.23`; other currencies by their code. */
export function yuan({ currency, minor }: AmountView): string {
  const digits = minor.replace('-', '').padStart(3, '0');
  const sign = minor.startsWith('-') ? '-' : '';
  const symbol = currency === 'CNY' ? '¥' : `${currency} `;
  return `${sign}${symbol}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** How to call what runs. The key and the token are of this run, and worth nothing after it. */
export function printAccess(
  ring: Pick<Ring, 'addressesOf' | 'apiKey' | 'token'>,
  paymentId: string,
): string {
  const [checkout, ledger, routing] = (['checkout', 'ledger', 'routing'] as const).map(
    (service) => addressOf(ring, service).origin,
  );
  return [
    'It goes on running. To call it yourself (key and token are of this run only):',
    `  checkout  ${checkout}  as platform taobao: Authorization: Bearer ${ring.apiKey}`,
    `  ledger    ${ledger}  as operator: Authorization: Bearer ${ring.token}`,
    `  routing   ${routing}  with the same token`,
    `  curl -sS -H 'Authorization: Bearer ${ring.apiKey}' ${checkout}/payments/${paymentId}`,
    '',
  ].join('\n');
}
