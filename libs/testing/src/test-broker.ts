import { ownBackEnd } from './back-end/start-back-end.js';
import { startBroker } from './back-end/start-servers.js';
import type { OwnBroker, ProxiedBroker, Report } from './back-end/servers.js';
import { KafkaProxy } from './kafka-proxy.js';

const silent: Report = () => undefined;

/** The broker that all specs of a run share: topics and groups of a spec need names of their own. */
export async function testBroker(): Promise<{ brokers: string[] }> {
  const { HUTONG_TEST_KAFKA_BROKERS: brokers } = process.env;
  if (brokers === undefined) throw new Error(notStarted('HUTONG_TEST_KAFKA_BROKERS'));
  return { brokers: brokers.split(',') };
}

/** A broker that this spec alone uses, to freeze, kill and start again. Dispose of it at the end. */
export async function startOwnBroker(report: Report = silent): Promise<OwnBroker> {
  return startBroker(await ownBackEnd(), report);
}

/** The same, with a proxy before it that can keep back what any client and the broker say to each other. */
export async function startProxiedBroker(report: Report = silent): Promise<ProxiedBroker> {
  await using stack = new AsyncDisposableStack();
  const proxy = stack.use(await KafkaProxy.listen());
  const broker = stack.use(await startBroker(await ownBackEnd(), report, 'quick', proxy.address));
  const [direct = ''] = broker.brokers;
  proxy.forwardTo(direct);
  const started = stack.move();
  return {
    proxy,
    direct,
    brokers: [proxy.address],
    pause: () => broker.pause(),
    resume: () => broker.resume(),
    kill: () => broker.kill(),
    stop: () => broker.stop(),
    restart: () => broker.restart(),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** Why a fixture is not there: only specs that end in `.int.spec.ts` or `.deep.spec.ts` get one. */
export const notStarted = (variable: string): string =>
  `${variable} is not set: the global setup of integration specs starts the back end`;
