import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@hutong/telemetry';
import { Periodic } from './periodic.adapter.js';

const logger = createLogger({ service: 'checkout', level: 'silent' });

describe('a chore', () => {
  it('that goes on until all is done has no ceiling of one batch a turn', async () => {
    const rested = Promise.withResolvers<number>();
    let left = 1_234;
    const run = async () => {
      // Whatever is done by then was done in the first turn: the next one waits for a timer.
      if (left === 1_234) setImmediate(() => rested.resolve(left));
      const did = Math.min(100, left);
      left -= did;
      return did;
    };
    const chore = new Periodic({ name: 'close', everyMs: 1, run, untilDone: true }, logger);
    chore.start();
    expect(await rested.promise).toBe(0);
    await chore.stop();
  });

  it('ends when it is asked to, in the middle of much work too', async () => {
    let turns = 0;
    const asked = Promise.withResolvers<void>();
    const run = async () => {
      turns += 1;
      asked.resolve();
      return 100;
    };
    const chore = new Periodic({ name: 'close', everyMs: 1, run, untilDone: true }, logger);
    chore.start();
    await asked.promise;
    await chore.stop();
    const then = turns;
    await new Promise(setImmediate);
    expect(turns).toBe(then);
  });
});
