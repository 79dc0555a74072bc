import { eventually } from '@hutong/testing';
import {
  RING_SERVICES,
  WriteLog,
  type Merchant,
  type PaymentView,
  type RingService,
  type ServiceProcess,
} from '@hutong/world';
import { startFaultWorld, type FaultWorld } from './fault-world.examples.js';
import { paid, wayOf, WITHIN_MS } from './ways.examples.js';
import { WebhookReceiver } from './webhook-receiver.examples.js';

/** What the gateways wait: time enough to find out who waits, and a lease of half a minute. */
const PATIENCE_MS = '12000';
/** Enough for both instances of everything to have some of them, nearly always. */
const ENOUGH = 9;

/** A ring that has everything twice, and who wrote what in the databases that are looked at. */
export type TwoOfEach = Readonly<{
  world: FaultWorld;
  /** Hears of every payment. */
  receiver: WebhookReceiver;
  logs: Readonly<{
    payments: WriteLog;
    /** Of webhooks. */
    streams: WriteLog;
    decisions: WriteLog;
    /** WeChat's. */
    orders: WriteLog;
    /** UnionPay's. */
    refunds: WriteLog;
    /** The ledger's. */
    entries: WriteLog;
  }>;
}>;

/** @param running stops all of it. */
export async function startTwoOfEach(running: AsyncDisposableStack): Promise<TwoOfEach> {
  const world = await startFaultWorld(running, {
    instances: 2,
    settings: {
      'wechat-gateway': { WECHAT_TIMEOUT_MS: PATIENCE_MS },
      'unionpay-gateway': { UNIONPAY_TIMEOUT_MS: PATIENCE_MS },
    },
  });
  const { ring } = world;
  const receiver = running.use(await WebhookReceiver.start());
  await receiver.register(ring);
  const logOf = (service: RingService, table: string, key: string): Promise<WriteLog> =>
    WriteLog.of(ring.databaseOf(service), table, key);
  const logs = {
    payments: await logOf('checkout', 'payment', 'payment_id'),
    streams: await logOf('checkout', 'webhook_stream', 'payment_id'),
    decisions: await logOf('routing', 'decision', 'payment_id'),
    orders: await logOf('wechat-gateway', 'attempts', 'attempt_id'),
    refunds: await logOf('unionpay-gateway', 'refunds', 'refund_id'),
    entries: await logOf('ledger', 'ledger_event', 'event_id'),
  };
  return { world, receiver, logs };
}

/** A few payments at each provider and at either instance of checkout, all the way round. */
export const payEnough = (world: FaultWorld): Promise<PaymentView[]> =>
  Promise.all(
    Array.from({ length: ENOUGH }, (_, n) =>
      paid(world, world.shops[n % world.shops.length] ?? world.shops[0], wayOf(n)),
    ),
  );

export const bothOf = (service: RingService): string[] => [service, `${service}-2`];

/** Which instances have written anything. */
export const writersIn = async (log: WriteLog): Promise<string[]> =>
  [...new Set((await log.writes()).map(({ instance }) => instance))].toSorted();

/** Who wrote a row last: who works on it. */
export const holderIn = async (log: WriteLog, key: string): Promise<string | undefined> =>
  (await log.writes(key)).at(-1)?.instance;

/** A shop at the other instance of checkout. */
export function shopBeside({ ring, shops }: FaultWorld, { name }: ServiceProcess): Merchant {
  const at = ring.instancesOf('checkout').findIndex((one) => one.name !== name);
  return shops[at] ?? shops[0];
}

/** Both instances of each service are members of its group. @throws Error if they do not become it. */
export const allJoined = (world: FaultWorld): Promise<unknown> => membersAre(world, 2);

/** The group of each service has missed one of the two, and goes on without it. @throws Error if it does not. */
export const allMissed = (world: FaultWorld): Promise<unknown> => membersAre(world, 1);

const membersAre = ({ probe }: FaultWorld, count: number): Promise<unknown> =>
  Promise.all(
    RING_SERVICES.map((service) =>
      eventually(async () => (await probe.members(service)) === count, {
        withinMs: WITHIN_MS,
        what: `${count} members of ${service}`,
      }),
    ),
  );
