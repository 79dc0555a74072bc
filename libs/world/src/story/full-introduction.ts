import {
  APP,
  FULL_INTRODUCTION,
  look,
  offered,
  WITHIN_MS,
  type Seen,
  type Stage,
} from './stage.js';

/** September 2024: everybody, also who was outside the pilot; ¥2,999.00; the shop's app switches to WeChat. */
export async function payInApp(stage: Stage): Promise<Seen & Readonly<{ action: string }>> {
  const { merchant, payer, outsider } = stage;
  const { paymentId, offer } = await offered(merchant, {
    orderReference: 'in-the-app',
    minor: '299900',
    channel: 'app',
    userId: outsider,
    hasBoundCard: 'yes',
    hasBalance: 'yes',
    at: FULL_INTRODUCTION,
  });
  const { action } = await merchant.choose(paymentId, offer, APP, { clientIp: '203.0.113.7' });
  if (action?.parameters === undefined) throw new Error('nothing to switch to the app with');
  await payer.payInApp(action.parameters);
  await merchant.seeUntil(paymentId, 'paid', WITHIN_MS);
  const seen = await look(stage, 'the shop switches to WeChat', paymentId);
  return { ...seen, action: action.type };
}
