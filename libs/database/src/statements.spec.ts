import { expect, it } from '@jest/globals';
import { Statements } from './statements.js';

const nameOf = (statements: Statements, text: string, values: readonly unknown[] = [1]) =>
  statements.of(text, values).name;

it('names a statement by its text, in every database alike', () => {
  const [one, other] = [new Statements(), new Statements()];
  const name = nameOf(one, 'select $1::int as n');
  expect(name).toMatch(/^[\w-]{43}$/); // of more than 63 bytes PostgreSQL would read 63
  expect([nameOf(one, 'select $1::int as n', [2]), nameOf(other, 'select $1::int as n')]).toEqual([
    name,
    name,
  ]);
  expect(nameOf(one, 'select $1::int as m')).not.toBe(name);
});

it('leaves what has no parameters without a name: it may be several statements', () => {
  expect(new Statements().of('begin; commit', [])).toEqual({ text: 'begin; commit', values: [] });
});

it('names no more than a connection should remember', () => {
  const statements = new Statements();
  const texts = Array.from({ length: 1_000 }, (_, i) => `select $1::int + ${i}`);
  const names = texts.map((text) => nameOf(statements, text));
  expect(names.filter((name) => name !== undefined)).toHaveLength(300);
  expect(nameOf(statements, 'select $1::int + 0')).toBe(names[0]);
});
