import { describe, expect, it } from '@jest/globals';
import { unreadableIn } from './readable-json.js';

type Row = { json: string; path?: string; rule?: string };

describe('a JSON text', () => {
  it.each<Row>`
    json                                               | path             | rule
    ${'{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}'}     | ${undefined}     | ${undefined}
    ${'{"a":"b","b":"a","c":["a","a"]}'}               | ${undefined}     | ${undefined}
    ${'{"a":"{\\"a\\":1,\\"a\\":2}","b":"]}\\\\"}'}    | ${undefined}     | ${undefined}
    ${'{"a":"\\\\u0000","b":"\\ud83c\\udf75","c":""}'} | ${undefined}     | ${undefined}
    ${'[]'}                                            | ${undefined}     | ${undefined}
    ${'{"a":1,"a":1}'}                                 | ${'a'}           | ${'isUnique'}
    ${'{"a":1,"\\u0061":2}'}                           | ${'a'}           | ${'isUnique'}
    ${'{"a":{"b":[{"c":1,"d":{},"c" : 2}]}}'}          | ${'a.b.c'}       | ${'isUnique'}
    ${'[{"a":1},{"a":1,"b":1,"a":1}]'}                 | ${'a'}           | ${'isUnique'}
    ${'{"a":{"__proto__":{"b":1}}}'}                   | ${'a.__proto__'} | ${'whitelistValidation'}
    ${'{"toString":"x"}'}                              | ${'toString'}    | ${'whitelistValidation'}
    ${'{"constructor":1}'}                             | ${'constructor'} | ${'whitelistValidation'}
    ${'{"a":1,"b":["x","tea\\u0000"]}'}                | ${'b'}           | ${'isText'}
    ${'{"a":{"b":"\\ud83c"}}'}                         | ${'a.b'}         | ${'isText'}
    ${'{"a":"\\udf75\\ud83c"}'}                        | ${'a'}           | ${'isText'}
  `('of $json is broken at $path by $rule', ({ json, path, rule }) => {
    expect(JSON.parse(json)).toBeDefined();
    expect(unreadableIn(json)).toEqual(rule === undefined ? undefined : { path, rule });
  });

  it('is read in one go, however long its texts and however deep it is', () => {
    const long = JSON.stringify({ a: '\\"'.repeat(20_000), b: 'x'.repeat(20_000) });
    const deep = `${'{"a":['.repeat(8_000)}${']}'.repeat(8_000)}`;
    const started = performance.now();
    expect([unreadableIn(long), unreadableIn(deep)]).toEqual([undefined, undefined]);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
