import { describe, expect, it } from '@jest/globals';
import { rangesRefusedByCheckout, unfilledRanges, wideRangeProblems } from './address-ranges.js';
import { dependencyMatrix } from './dependencies.js';
import { golden, ofKind, the, type Manifest, type PolicyRule } from './manifests.js';
import { halfOpen, networkProblems } from './network.js';
import { deployedGateways, migrationsOf, OVERLAYS, RENDERED } from './repository.js';

const closed = Object.keys(RENDERED).filter(
  (name) => ofKind(golden(name), 'NetworkPolicy').length > 0,
);
const problems = (manifests: readonly Manifest[]) => [
  ...networkProblems(manifests, dependencyMatrix(manifests)),
  ...halfOpen(manifests),
];

describe('the network', () => {
  it.each(closed)('is open where configuration leads, and nowhere else, in %s', (name) => {
    expect(problems(golden(name))).toEqual([]);
  });

  it.each(OVERLAYS)('lets migrations reach the database, in %s', (name) => {
    expect(problems([...golden(name), ...golden(migrationsOf(name))])).toEqual([]);
  });

  it('lets nobody out but webhooks, and a gateway to its provider: the part that answers for keys alone', () => {
    const out = [...dependencyMatrix(golden('all'))].filter((edge) =>
      /> (internet|anywhere)/.test(edge),
    );
    expect(out.toSorted()).toEqual(
      [
        'checkout/worker -> anywhere:any',
        ...deployedGateways().map(({ service }) => `${service}/worker -> internet:443`),
        'wechat-gateway/api -> internet:443',
      ].toSorted(),
    );
  });

  const policy = (all: Manifest[], name: string) => the(all, 'NetworkPolicy', name).spec;
  const provider: PolicyRule = {
    to: [{ ipBlock: { cidr: '101.226.0.0/16' } }],
    ports: [{ port: 443 }],
  };
  type Row = { says: string; change: (manifests: Manifest[]) => void };
  it.each<Row>([
    {
      says: 'open: routing/worker -> internet:443',
      change: (all) => policy(all, 'routing-worker').egress?.push(provider),
    },
    {
      says: 'open: wechat-gateway/worker -> anywhere:443',
      change: (all) => {
        const [rule] = policy(all, 'wechat-gateway-provider').egress ?? [];
        Object.assign(rule ?? {}, { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] });
      },
    },
    {
      says: 'open: checkout/api -> anywhere:any',
      change: (all) =>
        policy(all, 'checkout-api').egress?.push(
          ...(policy(all, 'checkout-webhooks').egress ?? []),
        ),
    },
    {
      says: 'closed: checkout/worker -> anywhere:any',
      change: (all) => (policy(all, 'checkout-webhooks').egress = []),
    },
    {
      says: 'open: ledger/api -> kafka:9093',
      change: (all) => {
        const [, kafka] = policy(all, 'ledger-worker').egress ?? [];
        policy(all, 'ledger-api').egress?.push(kafka ?? {});
      },
    },
    {
      says: 'open: checkout/api -> anybody:any',
      change: (all) => policy(all, 'checkout-api').egress?.push({}),
    },
    {
      says: 'open: anybody -> checkout/api:3000',
      change: (all) => policy(all, 'checkout-api').ingress?.push({ ports: [{ port: 'http' }] }),
    },
    {
      says: 'closed: wechat-gateway/worker -> internet:443',
      change: (all) => (policy(all, 'wechat-gateway-provider').egress = []),
    },
    {
      says: 'closed: wechat-gateway/api -> internet:443',
      change: (all) => {
        const [roles] = policy(all, 'wechat-gateway-provider').podSelector.matchExpressions ?? [];
        roles?.values?.splice(roles.values.indexOf('api'), 1);
      },
    },
    {
      says: 'open: alipay-gateway/api -> internet:443',
      change: (all) => policy(all, 'alipay-gateway-api').egress?.push(provider),
    },
    {
      says: 'closed: monitoring -> routing/worker:9001',
      change: (all) => (policy(all, 'routing-worker').ingress = []),
    },
    {
      says: 'closed: ledger/api -> dns:53',
      change: (all) => (policy(all, 'dns').podSelector = { matchLabels: { 'not-there': '' } }),
    },
    {
      says: 'Deployment ledger-api is not closed by default',
      change: (all) => (policy(all, 'default-deny').policyTypes = ['Ingress']),
    },
    {
      says: 'not let in: checkout/worker -> routing/api:3001',
      change: (all) => {
        const labels = {
          'app.kubernetes.io/name': 'routing',
          'app.kubernetes.io/component': 'api',
        };
        policy(all, 'checkout-worker').egress?.push({
          to: [{ podSelector: { matchLabels: labels } }],
          ports: [{ port: 'http' }],
        });
      },
    },
  ])('or else $says', ({ says, change }) => {
    const manifests = golden('all');
    change(manifests);
    expect(problems(manifests)).toContain(says);
  });

  it('lets the sandbox and each gateway meet, in dev alone', () => {
    const manifests = golden('dev');
    const met = [...dependencyMatrix(manifests)].filter((edge) => edge.includes('sandbox'));
    const between = (from: string) => met.filter((edge) => edge.startsWith(from));
    for (const { service } of deployedGateways()) {
      expect(between(`${service}/worker -> provider-sandbox:31`)).toHaveLength(1);
      expect(between(`provider-sandbox/sandbox -> ${service}:30`)).toHaveLength(1);
    }
    expect(between('wechat-gateway/api -> provider-sandbox:31')).toHaveLength(1);
    expect(met).toHaveLength(2 * deployedGateways().length + 3);
    expect(met).toContain('provider-sandbox/sandbox -> dns:53');
    expect(met).toContain('monitoring -> provider-sandbox/sandbox:9100');
    const others = (edges: Iterable<string>) =>
      [...edges].filter((edge) => !/sandbox|internet/.test(edge)).toSorted();
    expect(others(dependencyMatrix(manifests))).toEqual(others(dependencyMatrix(golden('all'))));

    policy(manifests, 'wechat-gateway-api').ingress = [];
    expect(problems(manifests)).toContain(
      'not let in: provider-sandbox/sandbox -> wechat-gateway/api:3011',
    );
  });
});

describe("a provider's range of addresses", () => {
  it('is a placeholder in the component, and refused as one', () => {
    expect(unfilledRanges(golden('all')).toSorted()).toEqual(
      deployedGateways()
        .map(({ service }) => `NetworkPolicy ${service}-provider: 192.0.2.0/24`)
        .toSorted(),
    );
  });

  it.each(OVERLAYS)('is filled in, or not needed, in %s', (name) => {
    expect(unfilledRanges(golden(name))).toEqual([]);
  });
});

describe('the way of webhooks', () => {
  it.each(closed)('leads to the internet, and to nothing that checkout refuses, in %s', (name) => {
    expect(wideRangeProblems(golden(name), rangesRefusedByCheckout())).toEqual([]);
  });

  it('or else it is seen which range is too many or missing', () => {
    const manifests = golden('all');
    const { egress = [] } = the(manifests, 'NetworkPolicy', 'checkout-webhooks').spec;
    const [v4, v6] = egress.flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock ?? []));
    v4?.except?.splice(v4.except.indexOf('169.254.0.0/16'), 1, '8.8.8.0/24');
    v6?.except?.splice(v6.except.indexOf('2002::/16'), 1);

    expect(wideRangeProblems(manifests, rangesRefusedByCheckout())).toEqual([
      'NetworkPolicy checkout-webhooks: 0.0.0.0/0 reaches 169.254.0.0/16',
      'NetworkPolicy checkout-webhooks: 0.0.0.0/0 lacks 8.8.8.0/24',
      'NetworkPolicy checkout-webhooks: 2000::/3 reaches 2002::/16',
    ]);
  });
});
