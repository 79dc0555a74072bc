import { describe, expect, it } from '@jest/globals';
import { switchesView, targetFrom, type SwitchTurn } from './switch.js';

describe('what can be switched', () => {
  it.each<{ text: string; known: boolean }>`
    text                            | known
    ${'wechat'}                     | ${true}
    ${'wechat/wechat_pay/qr'}       | ${true}
    ${'unionpay/bank_app:0105/app'} | ${true}
    ${'paypal'}                     | ${false}
    ${'wechat/wechat_pay'}          | ${false}
    ${'WeChat'}                     | ${false}
    ${''}                           | ${false}
  `('$text: $known', ({ text, known }) => {
    expect(targetFrom(text)).toEqual(
      known ? { ok: true, value: text } : { ok: false, refusal: { code: 'target_unknown' } },
    );
  });
});

it('operators see what is off, every turn, and how providers do', () => {
  const turnedAt = new Date('2026-11-24T08:00:00.000Z');
  const turn: SwitchTurn = {
    target: 'wechat',
    off: true,
    turnedBy: 'operator',
    reason: 'Wrong certificate',
    turnedAt,
  };
  const circuits = new Map([['wechat', { state: 'closed', since: turnedAt }]] as const);
  const shown = { ...turn, turnedAt: '2026-11-24T08:00:00.000Z' };
  expect(switchesView({ off: [turn], turns: [turn], circuits }, turnedAt)).toEqual({
    off: [shown],
    turns: [shown],
    circuits: [{ provider: 'wechat', state: 'closed', since: '2026-11-24T08:00:00.000Z' }],
  });
});
