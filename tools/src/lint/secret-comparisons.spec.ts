import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { comparesInConstantTime, plainComparisons, slips } from './secret-comparisons.js';

const root = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Every place where what a caller shows is compared with what is kept of it. */
const PLACES = [
  { of: 'API keys', file: 'apps/checkout/src/access/api-key.signature.ts', inside: 'isKey' },
  { of: "operators' tokens", file: 'libs/http/src/access-tokens.ts', inside: 'find' },
  {
    of: "secrets in addresses of payers' browsers",
    file: 'apps/unionpay-gateway/src/unionpay.front.controller.ts',
    inside: 'endsIn',
  },
  {
    of: 'bodies under a used Idempotency-Key',
    file: 'apps/checkout/src/store/request-fingerprint.signature.ts',
    inside: 'isSameRequest',
  },
] as const;

/** Both sides are our own: nobody who calls can choose one. */
const NOT_SHOWN_BY_CALLERS = [
  // The pepper's, at the start of checkout, against the one that the database was filled with.
  'apps/checkout/src/payer/pepper.repository.ts: kept.fingerprint !== fingerprint',
  // A link's token, derived again from its id, against the hash of the one that was handed out.
  'apps/checkout/src/share-link/share-links.repository.ts: linkHashOf(token) === tokenSha256',
];

const production = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root }).filter(
  (file) => !/\.(spec|examples)\.ts$|\/generated\/|^apps\/(e2e|provider-sandbox)\//.test(file),
);

describe('secrets', () => {
  it.each(PLACES)('are compared by timingSafeEqual, and by nothing else: $of', (place) => {
    expect(slips(read(place.file), place.inside)).toEqual([]);
  });

  it('are compared nowhere else', () => {
    expect(production.length).toBeGreaterThan(300);
    expect(production.filter((file) => comparesInConstantTime(read(file))).toSorted()).toEqual(
      PLACES.map(({ file }) => file).toSorted(),
    );
    const plain = production.flatMap((file) =>
      plainComparisons(read(file)).map((found) => `${file}: ${found}`),
    );
    expect(plain.toSorted()).toEqual(NOT_SHOWN_BY_CALLERS.toSorted());
  });

  it.each<[how: string, code: string, slip: string]>([
    ['by text', 'const is = (a, b) => hash(a) === b;', 'hash(a) === b'],
    ['by text, loosely', 'const is = (a, b) => a.hash != b;', 'a.hash != b'],
    ['by bytes', 'function is(a, b) { return a.equals(b); }', 'a.equals(b)'],
    ['by order', 'class A { is(a, b) { return !Buffer.compare(a, b); } }', 'Buffer.compare(a, b)'],
    ['in a set', 'const is = (a) => hashes.has(a);', 'hashes.has(a)'],
    [
      'by its beginning first',
      'const is = (a, b) => a[0] === b[0] && timingSafeEqual(a, b);',
      'a[0] === b[0]',
    ],
    ['not at all', 'const is = () => true;', 'no timingSafeEqual'],
    ['elsewhere', 'const other = (a, b) => timingSafeEqual(a, b);', 'no is'],
  ])('that were compared %s would be seen', (_, code, slip) => {
    expect(slips(code, 'is')).toContain(slip);
  });

  it.each<[code: string, found: string[]]>([
    ['if (row.sha256 === given) enter();', ['row.sha256 === given']],
    ['if (Buffer.compare(digest(a), b) === 0) enter();', ['Buffer.compare(digest(a), b)']],
    ['if (secret === undefined || hash.length === 64 || url.hash === "") leave();', []],
  ])('that a new place compares would be seen: %s', (code, found) => {
    expect(plainComparisons(code)).toEqual(found);
  });
});
