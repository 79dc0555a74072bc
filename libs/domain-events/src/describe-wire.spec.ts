import { describe, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';
import { definitions } from './catalogue.js';
import { describeWire, type WireField } from './describe-wire.js';
import { IsFlag, IsListOfTexts, IsOneOf, IsOrdinal, IsText, MayBeAbsent } from './fields.js';
import { places, aRecord } from './hostile.examples.js';
import { meanings } from './golden.examples.js';
import { IsListOf, IsOne } from './nested.js';
import { IsMoney, type WireMoney } from './wire.js';

class Line {
  @IsText(64) name!: string;
  @IsMoney() price!: WireMoney;
}

class Receipt {
  @IsOrdinal() number!: number;
  @IsOneOf(['till', 'web']) from!: string;
  @IsOne(() => Line) first!: Line;
  @IsListOf(() => Line, { min: 0, max: 9 }) more!: Line[];
  @MayBeAbsent() @IsListOfTexts({ min: 1, max: 3 }, 20) notes?: string[];
}

class GiftReceipt extends Receipt {
  @IsFlag() wrapped!: boolean;
}

class Unsaid {
  @IsString() secret!: string;
}

const said = (fields: readonly WireField[], indent = ''): string[] =>
  fields.flatMap((f) => [
    `${indent}${f.name} ${f.presence}: ${f.shape}`,
    ...said(f.members, `${indent}  `),
  ]);

describe('a wire class', () => {
  it('is described by what its own rules hold', () => {
    const line = [
      '  name always: text of 1 to 64 characters',
      '  price always: money',
      '    currency always: one of `CNY`, `HKD`, `USD`',
      '    minor always: minor units (fen, cent) as 1 to 18 decimal digits',
    ];

    expect(said(describeWire(Receipt))).toEqual([
      'number always: whole number from 1',
      'from always: one of `till`, `web`',
      'first always: object',
      ...line,
      'more always: list of 0 to 9 objects',
      ...line,
      'notes may be absent: list of 1 to 3 texts, each of 1 to 20 characters',
    ]);
  });

  it('is described with what it inherits', () => {
    expect(
      describeWire(GiftReceipt)
        .map((field) => field.name)
        .toSorted(),
    ).toEqual(['wrapped', ...describeWire(Receipt).map((field) => field.name)].toSorted());
  });

  it('that says no shape for a field cannot be described', () => {
    expect(() => describeWire(Unsaid)).toThrow('Unsaid.secret says no shape');
  });
});

describe('the description of an event', () => {
  it.each(Object.values(definitions))('$type names every field of its golden record', (d) => {
    const { data } = aRecord(Object.keys(meanings).find((name) => name.startsWith(`${d.type}.v`)));
    const written = places(data)
      .filter((at) => at.length > 0)
      .map((at) => at.filter((name) => !/^\d+$/.test(name)).join('.'));

    const described = new Set(paths(describeWire(d.shape)));
    expect([...new Set(written)].filter((path) => !described.has(path))).toEqual([]);
  });
});

const paths = (fields: readonly WireField[], under = ''): string[] =>
  fields.flatMap((f) => [`${under}${f.name}`, ...paths(f.members, `${under}${f.name}.`)]);
