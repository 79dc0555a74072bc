import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@hutong/config';
import type { AttemptRequested } from '@hutong/domain-events';
import {
  anAttemptRequested,
  aRefundRequested,
  CANARIES,
  canariesIn,
  eventually,
  exchange,
  requestsWith,
  sqlThatTellsAll,
} from '@hutong/testing';
import { Accounts } from './accounts.js';
import { loggerFor } from './conformance/gateway-world.examples.js';
import { seal, sealingKeyFrom } from './sealed-fields.js';
import { startToyGateway, type ToyGateway } from './toy-gateway.examples.js';

describe('what nobody may read again, at a gateway', () => {
  const log = new PassThrough().setEncoding('utf8');
  let logged = '';
  let toys: ToyGateway;

  beforeAll(async () => {
    log.on('data', (text: string) => (logged += text));
    toys = await startToyGateway({ clock: systemClock, roles: ['all'], log });
  }, 60_000);
  afterAll(async () => {
    await toys[Symbol.asyncDispose]();
  }, 30_000);

  /** In lines, samples of refused notifications, metrics and what the ring was told of these. */
  const leaked = async (of: readonly AttemptRequested[] = []): Promise<string[]> => {
    const samples = await toys.world.db.query('select * from refused_notifications');
    const told = await Promise.all(of.map(({ paymentId }) => toys.world.reports(paymentId)));
    const seen = [logged, inspect([samples, told], { depth: 9 }), await toys.world.metrics()];
    return seen.flatMap(canariesIn);
  };
  const command = (said: Partial<AttemptRequested> = {}) => {
    const end = new Date(Date.now() + 15 * 60_000);
    return anAttemptRequested({ expiresAt: end, notAfter: end, ...said });
  };
  const until = ({ attemptId }: AttemptRequested, status: string) =>
    eventually(async () => (await toys.world.attempt(attemptId))?.status === status, {
      what: `an attempt that is ${status}`,
    });
  const notify = (body: string, signature = 'good') =>
    fetch(`${toys.world.at()}/notifications/toys`, {
      method: 'POST',
      headers: { signature },
      body,
    });

  it('is in no answer to a forged notification, in no line about it and in no sample of it', async () => {
    const port = Number(new URL(toys.world.at()).port);
    const target = { token: 'x', paths: ['/notifications'], post: '/notifications/toys' };
    for (const [, canary] of CANARIES) {
      for (const request of requestsWith(canary, target)) {
        const back = await exchange(port, request).catch(() => '');
        expect([request, ...canariesIn(back)]).toEqual([request]);
      }
      expect((await notify(canary, 'forged')).status).toBe(401);
    }
    expect(await toys.world.db.query('select 1 from refused_notifications')).not.toEqual([]);
    expect(await leaked()).toEqual([]);
  }, 60_000);

  it('is in no line about what a provider verifiably said and nobody understands', async () => {
    for (const [, canary] of CANARIES) {
      expect((await notify(`n-${canary.length} ${canary.replaceAll(' ', '_')} torn`)).status).toBe(
        204,
      );
    }
    expect(logged).toContain('notification does not agree with our books');
    expect(await leaked()).toEqual([]);
  });

  it('is in no line and no report of an order, whatever is in it and whatever is thrown', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const key = sealingKeyFrom('wechat', 1, pem);
    const commands: AttemptRequested[] = [];
    for (const [, canary] of CANARIES) {
      const description = canary.replaceAll(/\s/g, ' ').slice(0, 60);
      const plain = command({ description, returnUrl: `https://x.example/?${encodeURI(canary)}` });
      toys.provider.fail(plain.attemptId, new Error(canary, { cause: { body: canary } }));
      const sealed = command({ description, sealedPayer: await seal({ openid: canary }, key) });
      commands.push(plain, sealed);
    }
    await Promise.all(commands.map((one) => toys.world.command(one)));
    for (const [i, one] of commands.entries()) {
      await until(one, i % 2 === 0 ? 'awaiting_payer' : 'failed');
    }
    expect(logged).toContain('provider call failed');
    expect(logged).toContain('sealed fields cannot be opened');
    expect(await leaked(commands)).toEqual([]);
  }, 60_000);

  it('is in no line about an account that cannot be read', async () => {
    for (const [i, [, canary]] of CANARIES.entries()) {
      await writeFile(join(toys.folder, `broken_${i}.json`), `{"apiV3Key": ${canary}`);
    }
    const read = () => {
      throw new Error('no account of ours');
    };
    const opened = Accounts.open(toys.folder, read, loggerFor('wechat-gateway', log));
    const said = await opened.then(() => 'nothing', String);
    expect(said).toContain('broken_0.json: is not JSON');
    expect(canariesIn(said)).toEqual([]);
    await eventually(() => logged.includes('account cannot be read again'), {
      what: 'a complaint about an account',
      withinMs: 15_000,
    });
    expect(await leaked()).toEqual([]);
  }, 30_000);

  it('is in no fault of the database, to a provider or in a line', async () => {
    const paid = command();
    await toys.world.command(paid);
    await until(paid, 'awaiting_payer');
    for (const table of ['notifications', 'refunds']) {
      await toys.world.db.query(sqlThatTellsAll(table).replaceAll('tell_all', `tell_${table}`));
    }
    const answer = await notify(`n-db ${paid.attemptId} 12800`);
    expect([answer.status, canariesIn(await answer.text())]).toEqual([500, []]);
    await toys.world.db.query('drop trigger tells_all on notifications');
    expect((await notify(`n-db ${paid.attemptId} 12800`)).status).toBe(204);
    const { paymentId, attemptId } = paid;
    await toys.world.command(aRefundRequested({ paymentId, attemptId, reason: 'for 13800138000' }));
    await eventually(() => logged.includes('"tries":3'), { what: 'a command whose key is parked' });
    await toys.world.db.query('drop trigger tells_all on refunds');
    expect(await leaked([paid])).toEqual([]);
  }, 30_000);
});
