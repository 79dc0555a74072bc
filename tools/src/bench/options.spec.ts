import { expect, it } from '@jest/globals';
import { answerAtOnce, benchOptions } from './options.js';

it.each<{ args: string; expected: object }>`
  args                                           | expected
  ${'all'}                                       | ${{ names: ['hops', 'ring', 'isolation', 'scale'] }}
  ${'hops'}                                      | ${{ names: ['hops'], runs: 5, load: undefined }}
  ${'ring'}                                      | ${{ runs: 5, quick: false, payments: 2000, load: undefined }}
  ${'ring --quick'}                              | ${{ runs: 1, quick: true, payments: 8 }}
  ${'ring --quick --payments 100000'}            | ${{ quick: true, payments: 100_000 }}
  ${'ring --rate 40'}                            | ${{ load: { rate: 40, warmSeconds: 15, seconds: 20 } }}
  ${'ring --concurrency 8 --warm 0 --seconds 5'} | ${{ load: { concurrency: 8, warmSeconds: 0, seconds: 5 } }}
  ${'ring --rate 1 --cpu-prof x'}                | ${{ cpuProf: 'x' }}
`('bench -- $args', ({ args, expected }) => {
  expect(benchOptions(args.split(' '))).toMatchObject(expected);
});

it.each<{ args: string; text: string }>`
  args                               | text
  ${''}                              | ${'which bench?'}
  ${'loops'}                         | ${'loops'}
  ${'ring --rate fast'}              | ${'--rate takes a number from 1 to 100000'}
  ${'ring --rate 0'}                 | ${'--rate takes a number from 1 to 100000'}
  ${'ring --rate 1 --concurrency 2'} | ${'either --rate or --concurrency'}
  ${'ring --rate 1 --seconds 1.5'}   | ${'--seconds takes a number'}
`('bench -- $args is refused: $text', ({ args, text }) => {
  expect(answerAtOnce(args.split(' ').filter(Boolean))).toEqual({
    exitCode: 2,
    text: expect.stringContaining(text),
  });
});
