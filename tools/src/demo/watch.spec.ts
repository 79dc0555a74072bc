import { describe, expect, it } from '@jest/globals';
import { ServiceEnded, Watch } from './watch.js';

const end = { name: 'checkout', how: 'signal SIGKILL', tail: 'first\nlast' };
const NEVER = () => new Promise<never>(() => undefined);

function watch() {
  const said: string[] = [];
  const stopping = new AbortController();
  return { said, stopping, watch: new Watch((line) => said.push(line), stopping.signal) };
}

describe('a watch over the services', () => {
  it('says that one ended, how, and its last lines, and fails what is done', async () => {
    const { said, watch: own } = watch();
    const waiting = own.guard(NEVER);

    own.ended(end, 'checkout');

    await expect(waiting).rejects.toThrow(ServiceEnded);
    expect(said).toEqual([
      '!! checkout ended unasked with signal SIGKILL, its last lines:\n    first\n    last',
    ]);
    await expect(own.guard(async () => 'too late')).rejects.toThrow(ServiceEnded);
  });

  it('names the service where the connection breaks before its end is known', async () => {
    const { watch: own } = watch();
    const failing = own.guard(() => Promise.reject(new TypeError('fetch failed')));
    setImmediate(() => own.ended(end, 'checkout'));

    await expect(failing).rejects.toThrow('checkout ended unasked with signal SIGKILL');
  });

  it('lets any other failure through', async () => {
    const { watch: own } = watch();

    await expect(own.outlast(() => Promise.reject(new RangeError('mine')))).rejects.toThrow('mine');
  });

  it('starts a service again once it is told to, and does again what failed meanwhile', async () => {
    const { said, watch: own } = watch();
    const restarted: string[] = [];
    own.restartIn({ restart: async (service) => void restarted.push(service) });
    let tries = 0;

    const answer = await own.outlast(async () => {
      tries += 1;
      if (tries > 1) return 'paid';
      own.ended(end, 'checkout');
      throw new TypeError('fetch failed');
    });

    expect([answer, tries, restarted]).toEqual(['paid', 2, ['checkout']]);
    expect(said.slice(1)).toEqual([
      'checkout is started again: nothing that it promised is lost with it',
      'checkout is back',
    ]);
  });

  it('gives up on a service that does not come back', async () => {
    const { watch: own } = watch();
    own.restartIn({ restart: () => Promise.reject(new Error('port taken')) });
    const waiting = own.guard(NEVER);

    own.ended(end, 'checkout');

    await expect(waiting).rejects.toThrow('checkout did not come back: port taken');
  });

  it('gives up on the sandbox, which forgets its orders', async () => {
    const { watch: own } = watch();
    own.restartIn({ restart: async () => undefined });
    const waiting = own.guard(NEVER);

    own.ended({ ...end, name: 'provider-sandbox' });

    await expect(waiting).rejects.toThrow('provider-sandbox ended unasked');
  });

  it('says nothing of what ends once it is over', () => {
    const { said, watch: own } = watch();

    own.over();
    own.ended({ ...end, name: 'provider-sandbox' });

    expect(said).toEqual([]);
  });

  it('says nothing of what ends after the signal', async () => {
    const { said, stopping, watch: own } = watch();
    const waiting = own.guard(NEVER);

    stopping.abort();
    own.ended(end, 'checkout');

    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(said).toEqual([]);
  });
});
