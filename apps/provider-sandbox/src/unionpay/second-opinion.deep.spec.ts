import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@hutong/testing';
import { opensslSays, UnionpayOpinion, type Opinion } from '@hutong/world';
import { startReceiver, type Receiver } from '../receiver.examples.js';
import { startWorld, type World } from '../world.examples.js';
import type { UnionpayCredentials } from './unionpay-accounts.adapter.js';
import { aNumber, timeIn } from './unionpay-merchant.examples.js';

const root = join(import.meta.dirname, '../../../..');
const opened = new AsyncDisposableStack();
let world: World;
let receiver: Receiver;
let opinion: UnionpayOpinion;
let account: UnionpayCredentials;

beforeAll(async () => {
  world = opened.use(await startWorld());
  receiver = opened.use(await startReceiver());
  receiver.answerWith(200);
  const credentials = await world.control('GET', '/credentials/unionpay');
  const [taobao] = credentials.json as UnionpayCredentials[];
  if (taobao === undefined) throw new Error('no credentials');
  account = taobao;
  opinion = opened.use(await UnionpayOpinion.open(root, account));
  await world.control('POST', '/control/clock', { scale: 100 });
}, 120_000);
beforeEach(() => world.control('DELETE', '/control/faults'));
afterAll(() => opened.disposeAsync());

/** Signed and sent, and the answer judged, by Java alone; Node only carries. */
async function asked(call: string, fields: Record<string, string>): Promise<Opinion> {
  const { merId } = account;
  const wire = { version: '5.1.0', encoding: 'UTF-8', signMethod: '01', accessType: '0', merId };
  const form = new URLSearchParams({ ...wire, ...fields }).toString();
  const signed = await opinion.on('sign', form);
  expect(signed.verdict).toBe('ok');
  const answer = await fetch(`http://127.0.0.1:${world.unionpayPort}/gateway/api/${call}.do`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
    body: new URLSearchParams(signed.said).toString(),
  });
  return opinion.on('answer', await answer.text());
}

const moving = (orderId: string, txnTime: string) => ({
  channelType: '08',
  orderId,
  txnTime,
  txnAmt: '12800',
  backUrl: receiver.url,
  reqReserved: '龙井茶 250 g + 1',
});
const ordered = (orderId: string, txnTime: string, over: Record<string, string>) => ({
  ...moving(orderId, txnTime),
  txnType: '01',
  currencyCode: '156',
  ...over,
});
const app = (orderId: string, txnTime: string) =>
  asked('appTransReq', ordered(orderId, txnTime, { txnSubType: '01', bizType: '000201' }));
const query = (orderId: string, txnTime: string) =>
  asked('queryTrans', { txnType: '00', txnSubType: '00', bizType: '000000', orderId, txnTime });
const giveBack = (txnType: string, orderId: string, txnTime: string, origQryId: string) => {
  const fields = { ...moving(orderId, txnTime), txnType, origQryId };
  return asked('backTransReq', { ...fields, txnSubType: '00', bizType: '000000' });
};
const pay = (body: object) => world.control('POST', '/control/unionpay/pay', body);
/** What was heard of a transaction, judged. */
const judged = async (orderId: string, count = 1) => {
  const heard = await eventually(
    () => {
      const about = receiver.heard.filter(({ body }) => body.includes(orderId));
      return about.length >= count && about;
    },
    { what: `news of ${orderId}` },
  );
  return Promise.all(heard.map(({ body }) => opinion.on('notification', body)));
};
const arm = (call: string, fault: string) =>
  world.control('POST', '/control/faults', { provider: 'unionpay', call, fault });

describe('java.security, by UnionPay’s documents,', () => {
  it('signs an order for an app, believes every answer, and hears that it is paid', async () => {
    const [orderId, txnTime] = [aNumber(), timeIn(0)];
    const created = await app(orderId, txnTime);
    expect(created).toMatchObject({ verdict: 'ok', said: { respCode: '00' } });
    expect(await query(orderId, txnTime)).toMatchObject({
      verdict: 'ok',
      said: { respCode: '34' },
    });
    await pay({ tn: created.said['tn'], wallet: 'bank_app:0105' });
    const paid = await query(orderId, txnTime);
    const reserved = '{payApp=BANK&issInsCode=0105}';
    expect(paid).toMatchObject({ verdict: 'ok', said: { origRespCode: '00', reserved } });
    const reqReserved = '龙井茶 250 g + 1';
    expect(await judged(orderId)).toMatchObject([
      { verdict: 'ok', said: { respCode: '00', txnAmt: '12800', reserved, reqReserved } },
    ]);
  });

  it('has a code scanned, a payer’s code charged, and a payment undone and refunded', async () => {
    const txnTime = timeIn(0);
    const [scanned, charged, undo, refund] = [aNumber(), aNumber(), aNumber(), aNumber()];
    const back = { txnSubType: '07', bizType: '000000' };
    const { said } = await asked('backTransReq', ordered(scanned, txnTime, back));
    await pay({ qrCode: said['qrCode'] });
    const { json } = await world.control('POST', '/control/unionpay/codes', {});
    const { qrNo } = json as { qrNo: string };
    const shop = { txnSubType: '06', bizType: '000000', qrNo, termId: '49000002' };
    expect(await asked('backTransReq', ordered(charged, txnTime, shop))).toMatchObject({
      verdict: 'ok',
      said: { respCode: '00' },
    });
    const queryIdOf = async (orderId: string) => {
      const [told] = await judged(orderId);
      expect(told).toMatchObject({ verdict: 'ok', said: { txnType: '01' } });
      return told?.said['queryId'] ?? '';
    };
    for (const [txnType, orderId, original] of [
      ['31', undo, scanned],
      ['04', refund, charged],
    ] as const) {
      expect(await giveBack(txnType, orderId, txnTime, await queryIdOf(original))).toMatchObject({
        verdict: 'ok',
        said: { respCode: '00' },
      });
      expect(await judged(orderId)).toMatchObject([{ verdict: 'ok', said: { txnType } }]);
    }
  });

  it.each([
    ['bad_signature', 'signature'],
    ['wrong_subject', 'subject'],
    ['expired', 'expired'],
    ['foreign_chain', 'chain'],
    ['unsigned', 'unsigned'],
    ['unbalanced', 'unbalanced'],
  ])('does not believe an answer by %s: %s', async (fault, verdict) => {
    await arm('create', fault);
    expect((await app(aNumber(), timeIn(0))).verdict).toBe(verdict);
  });

  it.each([
    ['bad_signature', 'signature'],
    ['wrong_subject', 'subject'],
    ['expired', 'expired'],
    ['foreign_chain', 'chain'],
  ])('does not believe a notification by %s: %s', async (fault, verdict) => {
    const [orderId, txnTime] = [aNumber(), timeIn(0)];
    await app(orderId, txnTime);
    await arm('notify', fault);
    await pay({ orderId });
    expect(await judged(orderId)).toMatchObject([{ verdict }]);
  });

  it('is itself refused where it signs another amount than it sends', async () => {
    const fields = ordered(aNumber(), timeIn(0), { txnSubType: '07', bizType: '000000' });
    const { said } = await opinion.on('sign', new URLSearchParams(fields).toString());
    const changed = new URLSearchParams({ ...said, txnAmt: '1' }).toString();
    expect((await opinion.on('request', changed)).verdict).toBe('signature');
    expect((await opinion.on('request', new URLSearchParams(said).toString())).verdict).toBe('ok');
  });

  it('and the openssl of this machine agree that the certificates are one chain', async () => {
    const { signPubKeyCert = '' } = (await app(aNumber(), timeIn(0))).said;
    expect(await opensslSays(account, signPubKeyCert)).toBe('OK');
    await arm('create', 'foreign_chain');
    const foreign = (await app(aNumber(), timeIn(0))).said['signPubKeyCert'] ?? '';
    await expect(opensslSays(account, foreign)).rejects.toThrow(/signature failure|unable to get/);
  });
});
