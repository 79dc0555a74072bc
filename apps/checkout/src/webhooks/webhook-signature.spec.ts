import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { secretFrom, signatureHeaders } from './webhook.signature.js';

const now = () => new Date();
const content = (over = {}) => ({ webhookId: 'msg_1', at: now(), body: '{"a":"茶"}', ...over });

describe('the signature of a webhook', () => {
  it('is that of the published example', () => {
    const headers = signatureHeaders(
      {
        webhookId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        at: new Date(1_614_265_330_999),
        body: '{"test": 2432232314}',
      },
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    );
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is taken by a receiver that uses the reference library', () => {
    const secret = secretFrom(randomBytes(32));
    const sent = content();
    const read = new Webhook(secret).verify(sent.body, { ...signatureHeaders(sent, [secret]) });
    expect(read).toEqual({ a: '茶' });
  });

  it('is taken with either secret while one is being replaced, and with no third one', () => {
    const [fresh, old, other] = [1, 2, 3].map(() => secretFrom(randomBytes(32)));
    const sent = content();
    const headers = { ...signatureHeaders(sent, [fresh ?? '', old ?? '']) };
    for (const secret of [fresh, old]) {
      expect(new Webhook(secret ?? '').verify(sent.body, headers)).toEqual({ a: '茶' });
    }
    expect(() => new Webhook(other ?? '').verify(sent.body, headers)).toThrow(
      WebhookVerificationError,
    );
  });

  it.each<[what: string, sent: object, heard: object]>([
    ['body', {}, { body: '{"a":"茶 "}' }],
    ['id', {}, { 'webhook-id': 'msg_2' }],
    ['time', {}, { 'webhook-timestamp': String(Math.floor(Date.now() / 1_000) - 1) }],
    ['age', { at: new Date(Date.now() - 600_000) }, {}],
  ])('is refused where the %s is another', (_, over, heard) => {
    const secret = secretFrom(randomBytes(32));
    const sent = content(over);
    const received = { body: sent.body, ...signatureHeaders(sent, [secret]), ...heard };
    const { body, ...headers } = received;
    expect(() => new Webhook(secret).verify(body, headers)).toThrow(WebhookVerificationError);
  });

  it('has secrets of 32 bytes and no other', () => {
    expect(secretFrom(new Uint8Array(32))).toBe(`whsec_${'A'.repeat(43)}=`);
    expect(() => secretFrom(new Uint8Array(31))).toThrow(RangeError);
  });
});
