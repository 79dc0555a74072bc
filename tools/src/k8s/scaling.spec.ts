import { describe, expect, it } from '@jest/globals';
import { golden, the, type Manifest, type Variable } from './manifests.js';
import { deployedGateways, RENDERED } from './repository.js';
import { scalingProblems } from './scaling.js';

/** As docs/deploy.md asks of the database server: each gateway wants its share. */
const SERVER = { maxConnections: 440 + 160 * deployedGateways().length, reserve: 40 };

describe('whoever scales a role', () => {
  it.each(Object.keys(RENDERED).filter((name) => !name.endsWith('migrations')))(
    'scales it alone, by what it hears, as far as there is something to gain, in %s',
    (name) => {
      expect(scalingProblems(golden(name), SERVER)).toEqual([]);
    },
  );

  const scaled = (all: Manifest[]) => the(all, 'ScaledObject', 'wechat-gateway-worker');
  const asked = (all: Manifest[]) => scaled(all).spec.triggers[0]?.metadata ?? {};
  const environmentOfPods = (all: Manifest[]): Variable[] => {
    const [container] = the(all, 'Deployment', 'wechat-gateway-worker').spec.template.spec
      .containers;
    if (container === undefined) throw new Error('no container');
    return (container.env ??= []);
  };
  type Row = { says: string; change: (manifests: Manifest[]) => void };
  it.each<Row>([
    {
      says: 'Deployment wechat-gateway-worker: 2 decide how many there are',
      change: (all) => (the(all, 'Deployment', 'wechat-gateway-worker').spec.replicas = 3),
    },
    {
      says: 'Deployment wechat-gateway-worker: 0 decide how many there are',
      change: (all) => all.splice(all.indexOf(scaled(all)), 1),
    },
    {
      says: 'ScaledObject wechat-gateway-worker: wechat-gateway-server is not the group of wechat-gateway',
      change: (all) => (asked(all)['consumerGroup'] = 'wechat-gateway-server'),
    },
    {
      says: 'ScaledObject wechat-gateway-worker: wechat-gateway does not hear gateway.alipay',
      change: (all) => (asked(all)['topic'] = 'gateway.alipay'),
    },
    {
      says: 'ScaledObject wechat-gateway-worker: nobody looks at the lag of gateway.wechat',
      change: (all) => (asked(all)['topic'] = 'gateway.alipay'),
    },
    {
      says: 'ScaledObject wechat-gateway-worker: gateway.wechat: lag 10, reckoned 74',
      change: (all) => (asked(all)['lagThreshold'] = '10'),
    },
    {
      says: 'ScaledObject wechat-gateway-worker: gateway.wechat: offsetResetPolicy is not earliest',
      change: (all) => delete asked(all)['offsetResetPolicy'],
    },
    {
      says: 'ScaledObject wechat-gateway-worker: gateway.wechat: KEDA takes text only',
      change: (all) => Object.assign(asked(all), { lagThreshold: 74 }),
    },
    {
      says: 'ScaledObject wechat-gateway-worker: gateway.wechat: sasl none, its pods scram_sha512',
      change: (all) => (asked(all)['sasl'] = 'none'),
    },
    {
      says: 'ScaledObject wechat-gateway-worker: gateway.wechat: sasl scram_sha512, its pods none',
      change: (all) => environmentOfPods(all).push({ name: 'KAFKA_SASL', value: 'none' }),
    },
    {
      says: 'ScaledObject wechat-gateway-worker: gateway.wechat: tls disable, its pods enable',
      change: (all) => (asked(all)['tls'] = 'disable'),
    },
    {
      says: 'ScaledObject wechat-gateway-worker: gateway.wechat: bootstrapServers other:9092, its pods hutong-kafka-bootstrap.kafka.svc:9093',
      change: (all) => (asked(all)['bootstrapServers'] = 'other:9092'),
    },
    {
      says: 'ScaledObject wechat-gateway-worker: gateway.wechat: sasl scram_sha512 and authenticationRef contradict each other',
      change: (all) => delete scaled(all).spec.triggers[0]?.authenticationRef,
    },
    {
      says: 'ScaledObject wechat-gateway-worker: may go down to less than two',
      change: (all) => (scaled(all).spec.minReplicaCount = 0),
    },
    {
      says: 'ScaledObject wechat-gateway-worker: up to 48, reckoned 8',
      change: (all) => (scaled(all).spec.maxReplicaCount = 48),
    },
    {
      says: 'ScaledObject wechat-gateway-worker: up to 8, reckoned 2',
      change: (all) => {
        const notes = scaled(all).metadata.annotations ?? {};
        notes['scaling.hutong/provider-limit-per-second'] = '100';
      },
    },
  ])('or else: $says', ({ says, change }) => {
    const manifests = golden('all');
    change(manifests);
    expect(scalingProblems(manifests, SERVER)).toContain(says);
  });

  it('or else may want more connections than the database has', () => {
    const manifests = golden('all');
    the(manifests, 'HorizontalPodAutoscaler', 'ledger-api').spec.maxReplicas = 20;
    expect(scalingProblems(manifests, SERVER)).toEqual([
      expect.stringMatching(
        `^the database has ${SERVER.maxConnections - SERVER.reserve} connections, and \\d+ may be wanted$`,
      ),
    ]);
  });
});
