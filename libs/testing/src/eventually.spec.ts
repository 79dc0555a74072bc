import { expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

it('answers what there is to see, as soon as there is', async () => {
  const answers = [undefined, false as const, 'paid'];
  expect(await eventually(async () => answers.shift())).toBe('paid');
});

it.each([0, '', null])('takes %p for an answer', async (seen) => {
  expect(await eventually(async () => seen)).toBe(seen);
});

it('looks again after a fault', async () => {
  let looks = 0;
  const seen = await eventually(async () => {
    looks += 1;
    if (looks < 3) throw new Error('not there');
    return looks;
  });
  expect(seen).toBe(3);
});

it('says what it waited for, how long, and what went wrong last', async () => {
  const fault = new Error('connection refused');
  const look = eventually(() => Promise.reject(fault), {
    withinMs: 60,
    what: 'payment to be paid',
  });
  await expect(look).rejects.toThrow(
    /^waited 60 ms for payment to be paid, looked \d+ times: connection refused$/,
  );
  await expect(look).rejects.toMatchObject({ cause: fault });
});

it('does not blame a fault that had passed', async () => {
  let looks = 0;
  const look = eventually(
    async () => {
      looks += 1;
      if (looks === 1) throw new Error('connection refused');
      return undefined;
    },
    { withinMs: 60 },
  );
  await expect(look).rejects.toThrow(/^waited 60 ms for what was looked for, looked \d+ times$/);
});
