import { expect, it } from '@jest/globals';
import { answerAtOnce, benchOptions } from './options.js';

it.each<{ args: string; expected: object }>`
  args                                           | expected
  ${'all'}                                       | ${{ names: ['hops', 'ring', 'isolation', 'scale'] }}
  ${'hops'}                                      | ${{ names: ['hops'], runs: 5, pace: undefined }}
  ${'ring'}                                      | ${{ runs: 5, quick: false, payments: undefined, pace: undefined }}
  ${'ring --quick'}                              | ${{ runs: 1, quick: true }}
  ${'ring --quick --payments 100000'}            | ${{ quick: true, payments: 100_000 }}
  ${'ring --rate 40'}                            | ${{ pace: { rate: 40 }, lasts: { warmSeconds: 15, seconds: 20 } }}
  ${'ring --concurrency 8 --warm 0 --seconds 5'} | ${{ pace: { concurrency: 8 }, lasts: { warmSeconds: 0, seconds: 5 } }}
  ${'ring --concurrency 24 --payments 100000'}   | ${{ pace: { concurrency: 24 }, payments: 100_000 }}
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
