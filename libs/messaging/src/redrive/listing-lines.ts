import { originOf, type ParkedCopy } from './parked-copy.js';
import type { Listing, Parked, Standing } from './redrive.js';

const WORDS: Readonly<Record<Standing, string>> = {
  ready: 'can be put back',
  queued: 'was put back and waits for its group',
  handled: 'was put back and is dealt with',
  parked_again: 'was put back and parked again: --again puts it back once more',
  unreadable: 'cannot be read by this release either',
};

/** For people: each record with why it is there and where it stands, counts, keys in trouble. */
export function listingLines(
  { parked, keys }: Listing,
  { isDry }: Readonly<{ isDry: boolean }>,
): string[] {
  return [
    ...parked.map(lineOf),
    ...countsOf(parked),
    ...keys.map(
      ({ topic, key, queued, attempts, errorClass, errorCode, nextAttemptAt }) =>
        `key in trouble: ${key} on ${topic}, ${queued} queued, failed ${attempts} times ` +
        `(${errorClass} ${errorCode}), tried again at ${nextAttemptAt.toISOString()}`,
    ),
    ...(isDry ? ['dry run: nothing was changed; --apply --by NAME puts back what can be'] : []),
  ];
}

const lineOf = ({ copy, standing }: Parked): string =>
  `${originOf(copy)} ${copy.key} ${saysOf(copy)}, parked ${copy.parkedAt.toISOString()}, ` +
  `${copy.errorCode}: ${copy.detail}; ${WORDS[standing]}`;

const saysOf = ({ reads }: ParkedCopy): string =>
  'type' in reads ? reads.type : `unreadable (${reads.unreadable})`;

function countsOf(parked: readonly Parked[]): string[] {
  const groups = Map.groupBy(
    parked,
    ({ copy, standing }) => `${copy.record.topic}, ${copy.errorCode}, ${WORDS[standing]}`,
  );
  const counts = [...groups].map(([what, own]) => `${own.length} of ${what}`);
  return [`${parked.length} parked`, ...counts.toSorted()];
}
