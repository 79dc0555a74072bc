import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Action, AttemptRequested, Method } from '@hutong/domain-events';
import { GatewayWorld } from '@hutong/gateway/conformance';
import { money } from '@hutong/money';
import {
  anAttemptCloseRequested,
  anAttemptRequested,
  aRefundRequested,
  eventually,
  freePorts,
  QUICKPASS_APP,
} from '@hutong/testing';
import { Reaper } from '@hutong/world';
import { writeAccount } from './account-files.examples.js';
import {
  refundKind,
  showCode,
  startSandbox,
  type ShownCode,
  type UnionpaySandbox,
} from './sandbox-process.examples.js';
import { sealingIn } from './sealing-keys.examples.js';
import { startUnionpay } from './unionpay.module.js';
import { fromBeijing, settlementDay } from './unionpay.time.js';

const RETURN_URL = 'https://shop.example/done?order=1&from=pay';

let folder: string;
let reaper: Reaper;
let sandbox: UnionpaySandbox;
let world: GatewayWorld;
let publicUrl: URL;
let sealed: (code: string) => Promise<string>;
let shiftMs = 0;
const clock = { now: () => new Date(Date.now() + shiftMs) };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hutong-presentations-'));
  reaper = Reaper.start(folder);
  sandbox = await startSandbox(folder, reaper);
  const [port = 0] = await freePorts(1);
  publicUrl = new URL(`http://127.0.0.1:${port}/`);
  const accountsDir = join(folder, 'accounts');
  await mkdir(accountsDir);
  const notifyUrl = `${publicUrl.href}notifications/taobao`;
  await writeAccount(accountsDir, sandbox.portal, { notifyUrl });
  const { dir: sealingKeysDir, seal } = await sealingIn(folder);
  sealed = seal;
  const baseUrl = sandbox.url;
  const api = {
    baseUrl,
    cashierUrl: baseUrl,
    publicUrl,
    appMode: '01',
    pageLifeMs: 3_600_000,
    timeoutMs: 5_000,
  } as const;
  world = await GatewayWorld.start(
    {
      provider: 'unionpay',
      clock,
      port,
      start: (config, around) =>
        startUnionpay({ ...config, api, accountsDir, sealingKeysDir }, around),
    },
    'all',
  );
}, 120_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
  await reaper[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const asked = async (said: Partial<Method>, more: Partial<AttemptRequested> = {}) => {
  const end = new Date(clock.now().getTime() + 15 * 60_000);
  const method = { ...QUICKPASS_APP, ...said };
  const command = anAttemptRequested({ expiresAt: end, notAfter: end, method, ...more });
  await world.command(command);
  return command;
};
const until = ({ attemptId }: AttemptRequested, status: string) =>
  eventually(async () => (await world.attempt(attemptId))?.status === status, {
    what: `an attempt that is ${status}`,
    withinMs: 20_000,
  });
const reports = async ({ paymentId }: AttemptRequested) =>
  (await world.reports(paymentId)).map(({ event }) => event);
const shown = async (command: AttemptRequested): Promise<Action> => {
  await until(command, 'awaiting_payer');
  const [event] = await reports(command);
  if (event?.type !== 'attempt.awaiting_payer') throw new Error(`told ${event?.type}`);
  return event.action;
};
const say = (path: string, body: object) => sandbox.say(`/control/unionpay/${path}`, body);
const paidBy = async (command: AttemptRequested) => {
  await until(command, 'succeeded');
  return (await reports(command)).at(-1);
};
const page = (url: string) => fetch(url, { redirect: 'manual' });

/** What a browser posts of a page: every hidden field. */
const formIn = (html: string): URLSearchParams =>
  new URLSearchParams(
    [...html.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']): [string, string] => [
        name,
        value.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
      ],
    ),
  );

describe('what is shown is what can be paid with', () => {
  it.each<Readonly<{ said: Partial<Method>; wallet: string; parameters: object }>>([
    {
      said: { presentation: 'app' },
      wallet: 'cloud_quickpass',
      parameters: { tn: expect.stringMatching(/^\d{21}$/), mode: '01' },
    },
    {
      said: { instrument: 'bank_app:0105', presentation: 'app' },
      wallet: 'bank_app:0105',
      parameters: { tn: expect.stringMatching(/^\d{21}$/), mode: '01' },
    },
    {
      said: { presentation: 'mini_program' },
      wallet: 'cloud_quickpass',
      parameters: { tn: expect.stringMatching(/^\d{21}$/) },
    },
  ])('in $said.presentation with $wallet', async ({ said, wallet, parameters }) => {
    const command = await asked(said);
    const action = await shown(command);
    expect(action).toMatchObject({ type: said.presentation, parameters });
    const { tn } = 'parameters' in action ? action.parameters : {};
    await say('pay', { tn, wallet });
    expect(await paidBy(command)).toMatchObject({
      type: 'attempt.succeeded',
      instrument: wallet,
      amount: command.amount,
      late: false,
    });
  });

  it('as a code, by another’s app where the merchant agreed', async () => {
    await say('interoperability', { account: 'taobao', takesAlipay: true });
    const command = await asked({ instrument: 'alipay', presentation: 'qr' });
    const action = await shown(command);
    await say('pay', { qrCode: action.type === 'qr' ? action.content : '', wallet: 'alipay' });
    expect(await paidBy(command)).toMatchObject({ instrument: 'alipay' });
  });

  it('with a defect, which is a success and a case for people', async () => {
    const command = await asked({ presentation: 'qr' });
    await shown(command);
    await say('pay', { orderId: command.attemptId, defect: true });
    expect(await paidBy(command)).toMatchObject({ type: 'attempt.succeeded', late: false });
    expect(await world.quarantined(command.attemptId)).toEqual(['code_a6']);
  });
});

describe('a code that a payer shows at a till', () => {
  const charged = async (said: ShownCode) => {
    const sealedPayer = await sealed(await showCode(sandbox, said));
    return asked({ presentation: 'barcode' }, { channel: 'in_store', sealedPayer });
  };

  it('is paid a moment later', async () => {
    const command = await charged({ wallet: 'bank_app:0105', then: 'pays' });
    expect(await paidBy(command)).toMatchObject({
      type: 'attempt.succeeded',
      instrument: 'bank_app:0105',
    });
  });

  it('is declined for good', async () => {
    const command = await charged({ then: 'declines', code: '64' });
    await until(command, 'failed');
    expect((await reports(command)).at(-1)).toMatchObject({ reason: 'insufficient_funds' });
  });

  it('that nobody shows is refused at once', async () => {
    const command = await asked(
      { presentation: 'barcode' },
      { channel: 'in_store', sealedPayer: await sealed('6200000000000000000') },
    );
    await until(command, 'failed');
    expect(await reports(command)).toMatchObject([{ type: 'attempt.failed', reason: 'declined' }]);
  });
});

describe('a browser', () => {
  const redirected = async (more: Partial<AttemptRequested> = {}) => {
    const command = await asked({ presentation: 'redirect' }, { channel: 'web', ...more });
    const action = await shown(command);
    if (action.type !== 'redirect') throw new Error(`shown ${action.type}`);
    return { command, url: action.url };
  };
  /** Where UnionPay leads a browser that posts the page's form. */
  const posted = async (html: string) => {
    const action = new URL('/gateway/api/frontTransReq.do', sandbox.url);
    const form = { method: 'POST', body: formIn(html), redirect: 'manual' } as const;
    return (await fetch(action, form)).headers.get('location');
  };

  it('is taken to UnionPay by a page of ours, pays there, and is sent back to the shop', async () => {
    const { command, url } = await redirected({ returnUrl: RETURN_URL });
    expect(url).toMatch(new RegExp(`^${publicUrl.href}front/${command.attemptId}/[\\w-]{22}$`));
    const answer = await page(url);
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'sha256-[^']+'; form-action http:;/,
    );
    const action = /<form method="post" action="([^"]*)"/.exec(html)?.[1] ?? '';
    expect(action).toBe(new URL('/gateway/api/frontTransReq.do', sandbox.url).href);

    const led = await fetch(action, { method: 'POST', body: formIn(html), redirect: 'manual' });
    const cashier = new URL(led.headers.get('location') ?? '');
    await say('pay', { tn: cashier.searchParams.get('code'), wallet: 'bank_app:0105' });
    expect(await paidBy(command)).toMatchObject({ instrument: 'bank_app:0105' });

    const back = formIn(html).get('frontUrl') ?? '';
    const form = new URLSearchParams({ respCode: '00', accNo: '6222021234567890123' });
    const returned = await fetch(back, { method: 'POST', body: form, redirect: 'manual' });
    expect([returned.status, returned.headers.get('location')]).toEqual([303, RETURN_URL]);
  });

  it('gets the same form as often as it asks, and with it the same cashier', async () => {
    const { url } = await redirected();
    const [one, other] = [await page(url), await page(url)];
    const html = await one.text();
    expect(await other.text()).toBe(html);
    const cashier = await posted(html);
    expect(cashier).toContain('/unionpay/pay?code=');
    expect(await posted(html)).toBe(cashier);
  });

  it('is told so where the order is not open any more, with the way back to its shop', async () => {
    const { command, url } = await redirected({ returnUrl: RETURN_URL });
    await posted(await (await page(url)).text());
    await say('pay', { orderId: command.attemptId });
    await until(command, 'succeeded');
    const answer = await page(url);
    const html = await answer.text();
    expect([answer.status, html]).toEqual([404, expect.stringContaining('nothing to pay here')]);
    const [, link = ''] = /<a href="([^"]*)"/.exec(html) ?? [];
    expect((await page(new URL(link, url).href)).headers.get('location')).toBe(RETURN_URL);
  });

  it('is shown a page no longer than its form is taken, however long its payment lives', async () => {
    const end = new Date(clock.now().getTime() + 7 * 24 * 3_600_000);
    const { command, url } = await redirected({ expiresAt: end, notAfter: end });
    const html = await (await page(url)).text();
    const action = await shown(command);
    const preparedAt = fromBeijing(formIn(html).get('txnTime') ?? '');
    expect(action.validUntil).toEqual(new Date((preparedAt?.getTime() ?? 0) + 3_600_000));
    shiftMs = 3_600_000;
    expect((await page(url)).status).toBe(404);
    shiftMs = 0;
  });

  it('that does not know the whole address gets nothing', async () => {
    const { command, url } = await redirected();
    const { attemptId } = command;
    const guesses = [
      `${url.slice(0, -1)}`,
      `${url}A`,
      `${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`,
      `${publicUrl.href}front/${attemptId}/x`,
      url.replace(attemptId, `${attemptId.slice(0, -1)}${attemptId.endsWith('0') ? '1' : '0'}`),
      url.replace(attemptId, '1'),
    ];
    for (const guess of guesses) {
      const answer = await page(guess);
      expect([guess, answer.status]).toEqual([guess, 404]);
      expect(await answer.text()).not.toContain('<form');
    }
    const code = await asked({ presentation: 'qr' });
    await shown(code);
    expect((await page(`${publicUrl.href}front/${code.attemptId}/x`)).status).toBe(404);
  });

  it('gets nothing once the order has to end, or its time is over', async () => {
    const ending = await redirected();
    const { paymentId, attemptId } = ending.command;
    await world.command(anAttemptCloseRequested({ paymentId, attemptId }));
    await eventually(async () => (await page(ending.url)).status === 404, { what: 'no page' });
    const late = await redirected();
    shiftMs = 15 * 60_000 + 1_000; // it has whole seconds
    expect((await page(late.url)).status).toBe(404);
    shiftMs = 0;
  });

  it('comes back to a shop that said no address by its own way', async () => {
    const { command } = await redirected();
    for (const method of ['POST', 'GET']) {
      const url = `${publicUrl.href}front/${command.attemptId}/return`;
      const returned = await fetch(url, { method, redirect: 'manual' });
      expect([returned.status, await returned.text()]).toEqual([
        200,
        expect.stringContaining('请返回商户'),
      ]);
    }
  });
});

describe('money that goes back', () => {
  const paidAtOnce = async () => {
    const command = await asked({ presentation: 'qr' });
    await shown(command);
    await say('pay', { orderId: command.attemptId });
    await until(command, 'succeeded');
    return command;
  };
  const refunded = async ({ paymentId, attemptId }: AttemptRequested, fen: bigint) => {
    const amount = money(fen, 'CNY');
    const refund = aRefundRequested({ paymentId, attemptId, amount });
    await world.command(refund);
    return refund;
  };
  const untilTold = (command: AttemptRequested, type: string) =>
    eventually(async () => (await reports(command)).find((event) => event.type === type), {
      what: type,
      withinMs: 20_000,
    });

  it('is undone where it is all of it, and the day is the same', async () => {
    const command = await paidAtOnce();
    const paid = (await reports(command)).at(-1);
    const paidAt = paid?.type === 'attempt.succeeded' ? paid.paidAt : new Date(NaN);
    const { refundId } = await refunded(command, 12_800n);
    expect(await untilTold(command, 'refund.succeeded')).toMatchObject({ refundId });
    const isSameDay = settlementDay(new Date(Date.now() + 5 * 60_000)) === settlementDay(paidAt);
    expect(await refundKind(sandbox, refundId)).toBe(isSameDay ? 'undo' : 'refund');
  });

  it('is refunded behind an undo that was refused, and not undone again', async () => {
    const command = await paidAtOnce();
    const paid = (await reports(command)).at(-1);
    const paidAt = paid?.type === 'attempt.succeeded' ? paid.paidAt : new Date(NaN);
    const isSameDay = settlementDay(new Date(Date.now() + 5 * 60_000)) === settlementDay(paidAt);
    const call = isSameDay ? 'undo' : 'refund';
    await sandbox.arm({ call, fault: 'refuse', code: '35' });
    await refunded(command, 12_800n);
    await untilTold(command, 'refund.failed');
    const { refundId } = await refunded(command, 12_800n);
    await untilTold(command, 'refund.succeeded');
    expect(await refundKind(sandbox, refundId)).toBe('refund');
  });

  it('is refunded in parts', async () => {
    const command = await paidAtOnce();
    const { refundId } = await refunded(command, 2_800n);
    await untilTold(command, 'refund.succeeded');
    expect(await refundKind(sandbox, refundId)).toBe('refund');
  });

  it('has failed only when UnionPay says so of the refund itself', async () => {
    const command = await paidAtOnce();
    await sandbox.arm({ call: 'refund', fault: 'ends_failed', code: '64' });
    await refunded(command, 2_800n);
    expect(await untilTold(command, 'refund.failed')).toMatchObject({ reason: 'merchant_account' });
  });

  it('is asked for where the answer says that nobody knows', async () => {
    const command = await paidAtOnce();
    await sandbox.arm({ call: 'refund', fault: 'answer_code', code: '04' });
    await refunded(command, 2_800n);
    await untilTold(command, 'refund.succeeded');
    expect((await reports(command)).map(({ type }) => type).slice(2)).toEqual([
      'refund.pending',
      'refund.succeeded',
    ]);
  });
});

describe('an answer that nobody may believe', () => {
  it.each(['bad_signature', 'wrong_subject', 'expired', 'foreign_chain', 'unsigned', 'unbalanced'])(
    'as %s leaves the order in doubt, and is found out by asking',
    async (fault) => {
      await sandbox.arm({ call: 'create', fault });
      const command = await asked({ presentation: 'qr' });
      await until(command, 'unknown');
      expect(await reports(command)).toMatchObject([
        {
          type: 'attempt.unknown',
          cause: fault === 'unbalanced' ? 'unreadable_answer' : 'unverifiable_answer',
        },
      ]);
      await say('pay', { orderId: command.attemptId });
      await until(command, 'succeeded');
    },
  );

  it.each(['03', '04', '05'])('that says %s never means that it failed', async (code) => {
    await sandbox.arm({ call: 'create', fault: 'answer_code', code });
    const command = await asked({ presentation: 'qr' });
    await until(command, 'unknown');
    await say('pay', { orderId: command.attemptId });
    await until(command, 'succeeded');
  });

  it('is made by the next certificate, once UnionPay has changed it', async () => {
    await say('certificates/rotate', {});
    const command = await asked({ presentation: 'qr' });
    expect((await shown(command)).type).toBe('qr');
  });
});

describe('an order that was refused', () => {
  it.each<[code: string, reason: string]>([
    ['31', 'merchant_account'],
    ['33', 'limit'],
    ['10', 'rejected'],
  ])('by %s has failed: %s', async (code, reason) => {
    await sandbox.arm({ call: 'create', fault: 'refuse', code });
    const command = await asked({ presentation: 'qr' });
    await until(command, 'failed');
    expect((await reports(command)).at(-1)).toMatchObject({ type: 'attempt.failed', reason });
  });
});

// The last of this file: neither clock goes back.
describe('money behind the end of an order', () => {
  const passTime = async (ms: number) => {
    await say('../clock', { advanceMs: ms });
    shiftMs += ms;
  };

  it('is found by asking, although nobody tells of it', async () => {
    const command = await asked({ presentation: 'qr' });
    await shown(command);
    await passTime(15 * 60_000 + 62_000);
    await until(command, 'closed');
    await say('pay', { orderId: command.attemptId, late: true });
    await passTime(10 * 60_000);
    expect(await paidBy(command)).toMatchObject({
      type: 'attempt.succeeded',
      late: true,
      amount: command.amount,
    });
    await eventually(async () => (await world.attempt(command.attemptId))?.due_action === null, {
      what: 'nothing more to ask',
    });
  });
});
