import { expect, it } from '@jest/globals';
import { calledIn, testsIn } from './tests-in.examples.js';

const titles = (text: string) => testsIn(text).map(({ title }) => title);

it.each<Readonly<{ what: string; text: string; found: readonly string[] }>>([
  { what: 'a test', text: "describe('a', () => { it('b', () => {}); });", found: ['b'] },
  { what: 'one with a table', text: "it.each<Row>([['x']])('b %s', () => {});", found: ['b %s'] },
  {
    what: 'one with a drawn table',
    text: "it.each<Row>`\n what\n ${'x'}\n`('b $what', () => {});",
    found: ['b $what'],
  },
  { what: 'none that is commented out', text: "// it('b', () => {});", found: [] },
  { what: 'none that is cut out', text: "/* it('b', () => {}); */", found: [] },
  { what: 'none that is skipped', text: "it.skip('b', () => {});", found: [] },
  { what: 'none of a skipped table', text: "it.skip.each([['x']])('b %s', () => {});", found: [] },
  {
    what: 'none within what is skipped',
    text: "describe.skip('a', () => { it('b', () => {}); });",
    found: [],
  },
  {
    what: 'none that is only written about',
    text: 'const text = "it(\'b\', () => {})";',
    found: [],
  },
])('finds $what', ({ text, found }) => {
  expect(titles(text)).toEqual(found);
});

it('knows what a test is about, also where it says so elsewhere, and nothing of comments', () => {
  const [found] = testsIn(`
    const made = () => ({ of_a_function: 1 });
    const other = 'of another test';
    it.each\`
      what
      \${'of a row'}
    \`('tries $what', () => {
      made(); // of a comment
    });
    it('tries another', () => other);
  `);
  const words = ['of_a_function', 'of a row', 'of a comment', 'of another test'];
  expect(words.filter((word) => found?.words.has(word))).toEqual(['of_a_function', 'of a row']);
});

it('knows which function makes a test, and where one is called', () => {
  const text = "export function describeIt() { it('b', () => {}); describeMore(); }";
  expect(testsIn(text).map(({ madeBy }) => madeBy)).toEqual(['describeIt']);
  expect(calledIn(text).get('describeMore')).toBe('describeIt');
  expect(calledIn('// describeMore();').has('describeMore')).toBe(false);
  expect(calledIn("describe('a', () => { describeMore(); });").has('describeMore')).toBe(true);
});
