import { describe, expect, it } from '@jest/globals';
import { IsEmail, Matches } from 'class-validator';
import { definitions } from './catalogue.js';
import {
  IsFlag,
  IsListOfTexts,
  IsOneOf,
  IsOrdinal,
  IsText,
  IsTextLike,
  MayBeAbsent,
} from './fields.js';
import { isInstrument, methodPattern, parseMethod } from './method.js';
import { IsListOf, IsOne } from './nested.js';
import { fieldsOf } from './wire-reader.js';
import { wireSchema } from './wire-schema.js';
import { IsInstrumentText } from './wire.js';

class Line {
  @IsText(64) name!: string;
  @MayBeAbsent() @IsTextLike(/^[0-9]+$/, 'digits') ean?: string;
}

class Receipt {
  @IsOrdinal() number!: number;
  @IsOneOf(['till', 'web']) from!: string;
  @IsOne(() => Line) first!: Line;
  @IsListOf(() => Line, { min: 0, max: 9 }) more!: Line[];
  @MayBeAbsent() @IsListOfTexts({ min: 1, max: 3 }, 20) notes?: string[];
  @IsFlag() printed!: boolean;
}

const line = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 64 },
    ean: { type: 'string', pattern: '^[0-9]+$' },
  },
};

describe('the schema of a wire class', () => {
  it('says what its rules hold', () => {
    expect(wireSchema(Receipt)).toEqual({
      type: 'object',
      required: ['number', 'from', 'first', 'more', 'printed'],
      properties: {
        number: { type: 'integer', minimum: 1, maximum: 2_147_483_647 },
        from: { type: 'string', enum: ['till', 'web'] },
        first: line,
        more: { type: 'array', minItems: 0, maxItems: 9, items: line },
        notes: {
          type: 'array',
          minItems: 1,
          maxItems: 3,
          items: { type: 'string', minLength: 1, maxLength: 20 },
        },
        printed: { type: 'boolean' },
      },
    });
  });

  it('refers to what is inside as it is told to', () => {
    const { properties } = wireSchema(Receipt, ({ name }) => ({ $ref: `#/${name}` }));

    expect(properties['first']).toEqual({ $ref: '#/Line' });
    expect(properties['more']).toMatchObject({ items: { $ref: '#/Line' } });
  });

  class Mail {
    @IsEmail() to!: string;
  }
  class Shouted {
    @Matches(/^[a-z]+$/i) word!: string;
  }
  it.each<{ shape: new () => object; fault: string }>([
    { shape: Mail, fault: 'Mail.to: no schema says isEmail' },
    { shape: Shouted, fault: 'no schema says /^[a-z]+$/i' },
  ])('passes no rule over: $fault', ({ shape, fault }) => {
    expect(() => wireSchema(shape)).toThrow(fault);
  });

  it.each(Object.values(definitions))('is there for every version of $type', (definition) => {
    expect(definition.shapes).toHaveLength(definition.version);
    expect(definition.shapes.at(-1)).toBe(definition.shape);
    for (const shape of definition.shapes) {
      expect(Object.keys(wireSchema(shape).properties)).toEqual(fieldsOf(shape));
    }
  });
});

describe('the pattern of a method and of an instrument', () => {
  class Paid {
    @IsInstrumentText() instrument!: string;
  }
  const { properties } = wireSchema(Paid);
  const pattern = new RegExp(String(properties['instrument']?.['pattern']));

  it.each([
    'wechat/wechat_pay/qr',
    'unionpay/bank_app:0105/app',
    'unionpay/bank_app:/app',
    'unionpay/bank_app:0105/app/',
    'wechat//qr',
    'paypal/alipay/qr',
    'wechat/wechat_pay/qr\n',
    ' wechat/wechat_pay/qr',
  ])('takes %j if its reader does', (text) => {
    const [, instrument = ''] = text.split('/');
    expect(methodPattern.test(text)).toBe(parseMethod(text).ok);
    expect(pattern.test(instrument)).toBe(isInstrument(instrument));
  });
});
