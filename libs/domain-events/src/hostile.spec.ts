import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeEnvelope } from './envelope.js';
import { meanings } from './golden.examples.js';
import { aRecord, JUNK, places, reached, SOMEBODY, withJson, without } from './hostile.examples.js';

/** The record's answer, which must name nobody, whatever was said. */
function answer(text: string): 'ok' | 'refused' {
  const result = decodeEnvelope(text);
  if (result.ok) return 'ok';
  const { detail } = result.refusal;
  const discreet = detail !== '' && detail.length < 600 && !detail.includes(SOMEBODY);
  if (!discreet) throw new Error(`a refusal says too little or too much: ${detail}`);
  return 'refused';
}

/** Each event in each of its forms; the bare ones have no place that the others lack. */
const names = Object.keys(meanings).filter((name) => !name.endsWith('.bare'));
const record = fc.constantFrom(...names).map((name) => aRecord(name));
const somewhere = record.chain((whole) =>
  fc.record({ whole: fc.constant(whole), at: fc.constantFrom(...places(whole)) }),
);

describe('every record', () => {
  it.each(names)('%s refuses junk in any of its places, and never throws', (name) => {
    const whole = aRecord(name);
    const taken = places(whole).flatMap((at) =>
      JUNK.filter((junk) => answer(withJson(whole, at, junk)) === 'ok')
        .filter((junk) => !mayHold(at, junk))
        .map((junk) => `${at.join('.')}: ${junk.slice(0, 40)}`),
    );

    expect(taken).toEqual([]);
  });

  it('refuses to go without any of its fields but those that may be absent', () => {
    const spared = names.flatMap((name) => {
      const whole = aRecord(name);
      return places(whole)
        .filter(
          (at) =>
            at.length > 0 && !at.includes('parameters') && answer(without(whole, at)) === 'ok',
        )
        .map((at) => `${name}: ${at.join('.')}`);
    });

    expect(spared).toEqual([
      'payment.requested.v1: data.payer.installedApps',
      'payment.method_selected.v1: data.returnUrl',
      'payment.method_selected.v1: data.sealedPayer',
      'payment.refund_requested.v1: data.reason',
      'attempt.requested.v1: data.returnUrl',
      'attempt.requested.v1: data.sealedPayer',
      'refund.requested.v1: data.reason',
    ]);
  });

  it('answers any JSON in any place', () => {
    fc.assert(
      fc.property(somewhere, fc.json({ maxDepth: 5 }), ({ whole, at }, json) => {
        answer(withJson(whole, at, json));
      }),
      { numRuns: 1_000 },
    );
  });

  it('answers any JSON, and any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(decodeEnvelope(text).ok).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('answers a record that is cut anywhere', () => {
    const text = JSON.stringify(aRecord());
    for (let length = 0; length < text.length; length += 1) {
      expect(decodeEnvelope(text.slice(0, length))).toMatchObject({
        refusal: { code: 'not_json' },
      });
    }
  });
});

describe('extra fields', () => {
  const name = fc.oneof(
    fc.string(),
    fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype)),
  );
  const extra = fc.tuple(name, fc.oneof(fc.json({ maxDepth: 4 }), fc.constantFrom(...JUNK)));
  /** Those whose members are fields; the names of parameters are data. */
  const objects = somewhere.filter(
    ({ whole, at }) => isObject(reached(whole, at)) && !at.includes('parameters'),
  );

  it('are accepted on every level, and change nothing', () => {
    fc.assert(
      fc.property(objects, extra, ({ whole, at }, [key, json]) => {
        const before = reached(whole, at);
        fc.pre(isObject(before) && !Object.hasOwn(before, key) && key !== 'businesstime');
        const text = JSON.stringify(before);
        const widened = text.replace('{', () => `{${JSON.stringify(key)}:${json},`);

        expect(decodeEnvelope(withJson(whole, at, widened))).toEqual(
          decodeEnvelope(JSON.stringify(whole)),
        );
      }),
      { numRuns: 400 },
    );
  });

  it.each<{ json: string }>([
    { json: '{"constructor":"x"}' },
    { json: '{"constructor":{"prototype":{"polluted":true}}}' },
    { json: '{"__proto__":{"polluted":true}}' },
    { json: '{"toString":1,"hasOwnProperty":1,"valueOf":null}' },
    { json: '{"then":"x","toJSON":"x","length":-1}' },
  ])('that look like an object of the language touch none: $json', ({ json }) => {
    const text = JSON.stringify(aRecord());
    const open = `${json.slice(0, -1)},"more":${json},`;
    const onTop = text.replace('{', open);
    const inData = text.replace('"data":{', `"data":${open}`);
    const inMethod = text.replace('[{', `[${open}`);

    for (const hostile of [onTop, inData, inMethod]) {
      expect(decodeEnvelope(hostile)).toEqual(decodeEnvelope(text));
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('polluted' in {}).toBe(false);
  });

  it('that would be inherited do not stand in for those that are missing', () => {
    const { data, ...attributes } = aRecord('attempt.unknown.v1');
    const text = `${JSON.stringify(attributes).slice(0, -1)},"data":{"__proto__":${JSON.stringify(data)}}}`;

    expect(decodeEnvelope(text)).toMatchObject({ ok: false, refusal: { code: 'data_invalid' } });
  });
});

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where free text, an empty list or names and texts are allowed, some of the junk is none. */
function mayHold(at: readonly string[], junk: string): boolean {
  const field = at.filter((name) => !/^\d+$/.test(name)).at(-1) ?? '';
  const inList = at.at(-1) !== field;
  if (junk === '[]') return /^(refused|attempts|installedApps)$/.test(field) && !inList;
  if (field === 'parameters') return /^\{("[^"]*":"[^"]*")?\}$/.test(junk);
  if (at.includes('parameters')) return junk.startsWith('"') && junk.length < 4_096;
  return TEXTS.test(field) && junk.startsWith(`"${SOMEBODY}`);
}

const TEXTS = /^(description|reason|reasons|label|policyVersion|content|url|installedApps)$/;
