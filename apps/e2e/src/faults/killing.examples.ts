import {
  dismissMembers,
  eventually,
  startProxiedBroker,
  type ProxiedBroker,
} from '@hutong/testing';
import { metricOf, type PaymentView, type RingService, type ServiceProcess } from '@hutong/world';
import { startFaultWorld, type FaultWorld } from './fault-world.examples.js';
import { chosen, offeredOf, payShown, shownOf, WAYS, WITHIN_MS } from './ways.examples.js';

/** A ring whose every word with its broker can be kept back. */
export type KillWorld = FaultWorld & Readonly<{ broker: ProxiedBroker }>;

/** @param running stops all of it. */
export async function startKillWorld(running: AsyncDisposableStack): Promise<KillWorld> {
  const broker = running.use(await startProxiedBroker());
  return { ...(await startFaultWorld(running, { broker })), broker };
}

/** The only instance of a service. @throws Error if there is none. */
export function processOf({ ring }: FaultWorld, service: RingService): ServiceProcess {
  const [only] = ring.instancesOf(service);
  if (only === undefined) throw new Error(`no ${service} runs`);
  return only;
}

/**
 * Kill -9, and everything that held the process where it was is let go before it is there again.
 * The broker is told that it is gone: `killed-services.deep.spec.ts` waits for it to find out by itself.
 * @returns the process that takes its place, ready.
 */
export async function killAndRestart(
  world: KillWorld,
  service: RingService,
  letGo: () => Promise<void> | void,
): Promise<ServiceProcess> {
  await processOf(world, service).kill();
  await letGo();
  await dismissMembers(world.broker.direct, service);
  await world.ring.restart(service);
  return processOf(world, service);
}

/** What becomes of a record that is neither retried nor set aside. */
const ENDS = ['outcome="done"', 'outcome="skipped"'];

/** Waits until a process has brought so many records to a good end, its very first included. */
export const handled = (process: ServiceProcess, records: bigint): Promise<boolean> =>
  eventually(
    async () => {
      const metric = 'hutong_consumer_events_total';
      const ended = await Promise.all(ENDS.map((label) => metricOf(process, metric, label)));
      return ended.reduce((sum, count) => sum + count, 0) >= Number(records);
    },
    { withinMs: WITHIN_MS, what: `${process.name} to have handled ${records} records` },
  );

/** Whatever has become of a payment, it is offered, chosen, shown and paid in the end. */
export async function finish(world: FaultWorld, paymentId: string): Promise<PaymentView> {
  const [shop] = world.shops;
  const seen = await offeredOf(shop, paymentId);
  if (seen.attempts.length === 0) await chosen(shop, seen, 'wechat');
  const payable = await shop.seeWhen(paymentId, isShownOrLost, {
    withinMs: WITHIN_MS,
    what: 'to show something to pay by',
  });
  if (isLost(payable)) await chosen(shop, payable, 'wechat');
  if (payable.status !== 'paid') await payShown(world, await shownOf(shop, paymentId));
  return shop.seeUntil(paymentId, 'paid', WITHIN_MS);
}

/** Whether nothing more is to be waited for before it can be paid, if it is not paid already. */
export const isShownOrLost = (payment: PaymentView): boolean =>
  payment.status === 'paid' || payment.attempts.at(-1)?.action !== undefined || isLost(payment);

/** UnionPay tells a code once: an order whose answer was lost can be shown to nobody. */
const isLost = ({ attempts }: PaymentView): boolean => {
  const last = attempts.at(-1);
  return last?.status === 'unknown' && last.method === WAYS.unionpay.method;
};
