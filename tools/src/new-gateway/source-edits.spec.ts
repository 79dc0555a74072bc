import { describe, expect, it } from '@jest/globals';
import {
  numbersIn,
  withEntry,
  withImport,
  withLine,
  withMember,
  withTypeMember,
} from './source-edits.js';

describe('an entry', () => {
  it.each([
    ['export const A = [1, 2] as const;', 'export const A = [1, 2, 3] as const;'],
    ['const A: readonly number[] = [];', 'const A: readonly number[] = [ 3];'],
    ['const A = { x: 1, } as const satisfies T;', 'const A = { x: 1,  3} as const satisfies T;'],
    ['f({ b: { A: { x: 1 } } });', 'f({ b: { A: { x: 1 , 3} } });'],
  ])('comes last: %s', (before, after) => {
    expect(withEntry(before, 'A', '3')).toBe(after);
  });

  it('is added to nothing else', () => {
    expect(() => withEntry('const B = [1]; const A = 2;', 'A', '3')).toThrow('called A');
  });
});

it('a member of a type comes last, also behind Readonly', () => {
  expect(withTypeMember('type A = Readonly<{ x: 1; }>;', 'A', 'y: 2')).toBe(
    'type A = Readonly<{ x: 1;  y: 2;}>;',
  );
  expect(() => withTypeMember('type A = 1;', 'A', 'y: 2')).toThrow('called A');
});

it('a member of a class comes before the one that is named', () => {
  expect(withMember('class A { a = 1; /** Of b. */ b = 2; }', 'b', 'c = 3;')).toBe(
    'class A { a = 1;\nc = 3; /** Of b. */ b = 2; }',
  );
  expect(() => withMember('class A {}', 'b', 'c = 3;')).toThrow('called b');
});

it('an import comes behind the last', () => {
  expect(withImport("import 'a';\nimport { b } from 'b';\nf();", "import 'c';")).toBe(
    "import 'a';\nimport { b } from 'b';\nimport 'c';\nf();",
  );
});

it('a line comes before the one that begins so', () => {
  expect(withLine('a\n  - b: 1\nc', '- b', '  - x: 0')).toBe('a\n  - x: 0\n  - b: 1\nc');
  expect(() => withLine('a', 'b', 'c')).toThrow('begins with b');
});

it('numbers are read by their names', () => {
  const source = "const A = { a: 1, 'b-c': 2_000 } as const;";
  expect([...numbersIn(source, 'A')]).toEqual([
    ['a', 1],
    ['b-c', 2000],
  ]);
});
