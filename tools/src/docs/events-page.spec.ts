import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  catalogue,
  definitions,
  describeWire,
  parkedTopics,
  type WireField,
} from '@hutong/domain-events';
import { eventsPage } from './events-page.js';
import { readTypeDocs } from './type-docs.js';

const root = join(import.meta.dirname, '../../..');
const typeNamed = readTypeDocs(join(root, 'libs/domain-events'));
const page = eventsPage(typeNamed);

/** Rows of the table under a heading, as cells. */
const rowsUnder = (heading: string): string[][] => {
  const [, section = ''] = page.split(`\n${heading}\n`);
  const [table = ''] = section
    .trim()
    .split('\n\n')
    .filter((part) => part.startsWith('| '));
  return table
    .split('\n')
    .slice(2)
    .map((line) => line.slice(2, -2).split(' | '));
};

const fieldNames = (fields: readonly WireField[], under = ''): string[] =>
  fields.flatMap((field) => {
    const name = `${under}${field.name}${field.list ? '[]' : ''}`;
    return [name, ...(field.shape === 'money' ? [] : fieldNames(field.members, `${name}.`))];
  });

describe('the catalogue of events', () => {
  it('has a row for each topic and for each parked one', () => {
    const names = (heading: string) => rowsUnder(heading).map(([name]) => name);

    expect(names('## Topics')).toEqual(catalogue.map((topic) => `\`${topic.name}\``));
    expect(names('### Parked records')).toEqual(parkedTopics().map((t) => `\`${t.name}\``));
  });

  it('says of a topic who writes it and who hears it', () => {
    expect(rowsUnder('## Topics')).toContainEqual([
      '`payment.outcomes`',
      'What became of a payment.',
      'checkout',
      'ledger',
      'payment id',
      '24',
      '14 days',
    ]);
  });

  it('says of a topic that nobody uses yet that nobody does', () => {
    const [, about, written, heard] =
      rowsUnder('## Topics').find(([name]) => name === '`provider.bills`') ?? [];

    expect([about, written, heard]).toEqual([
      "A provider's bill of one day lies ready at its gateway.",
      'nobody yet; planned: wechat-gateway, alipay-gateway, unionpay-gateway',
      'nobody yet; planned: ledger',
    ]);
  });

  it.each(Object.values(definitions))('has every field of $type', ({ type, version, shape }) => {
    const rows = rowsUnder(`### \`${type}.v${version}\``);

    expect(rows.map(([name]) => name)).toEqual(
      fieldNames(describeWire(shape)).map((name) => `\`${name}\``),
    );
    expect(rows.filter((cells) => cells.length !== 4 || cells.some((cell) => cell === ''))).toEqual(
      [],
    );
  });

  it('says presence, shape with unit, and meaning of a field', () => {
    expect(rowsUnder('### `payment.requested.v1`')).toContainEqual([
      '`payer.installedApps`',
      'may be absent',
      'list of 0 to 32 texts, each of 1 to 64 characters',
      "Apps on the payer's device; an app that is not in the list is not installed, no list means unknown.",
    ]);
    expect(rowsUnder('### `attempt.awaiting_payer.v2`')).toContainEqual([
      '`action.content`',
      'where `type` is `qr`',
      'text of 1 to 2048 characters',
      'What the QR code holds.',
    ]);
    expect(rowsUnder('### Money')).toContainEqual([
      '`minor`',
      'always',
      'minor units (fen, cent) as 1 to 18 decimal digits',
      "How many of the currency's smallest unit; no sign, point or leading zero.",
    ]);
  });
});

describe('docstrings', () => {
  it('of a property are its own, or those of its type', () => {
    const selected = typeNamed('PaymentMethodSelected');

    expect(selected.property('offer').about).toBe('The number of the offer that the payer saw.');
    expect(selected.property('paymentId').about).toMatch(/^UUIDv7, lower case: one order/);
  });

  it.each<{ look: () => unknown; fault: RegExp }>([
    { look: () => typeNamed('PaymentLost'), fault: /^no type PaymentLost in / },
    {
      look: () => typeNamed('PaymentPaid').property('tip'),
      fault: /^no property PaymentPaid\.tip$/,
    },
    {
      look: () => typeNamed('PaymentPaid').property('type'),
      fault: /^PaymentPaid\.type says nothing/,
    },
  ])('that are not there are a fault: $fault', ({ look, fault }) => {
    expect(look).toThrow(fault);
  });
});
