import { expect, it } from '@jest/globals';
import { allDone } from './all-done.js';

it('answers with all of them, in their order and with their types', async () => {
  const [number, text] = await allDone(Promise.resolve(1), Promise.resolve('one'));

  expect([number.toFixed(), text.length]).toEqual(['1', 3]);
});

it('fails with the first fault, and not before the others have ended', async () => {
  let ended = false;
  const { promise, resolve } = Promise.withResolvers<void>();
  const slow = promise.then(() => {
    ended = true;
  });
  const all = allDone(Promise.reject(new Error('first')), slow);

  setImmediate(resolve);

  await expect(all).rejects.toThrow('first');
  expect(ended).toBe(true);
});
