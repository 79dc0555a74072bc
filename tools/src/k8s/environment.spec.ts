import { describe, expect, it } from '@jest/globals';
import { configFieldsOf } from './config-fields.js';
import { environmentProblems } from './environment.js';
import { golden, the, type Manifest } from './manifests.js';
import { readAsThePodDoes } from './read-config.examples.js';
import { RENDERED } from './repository.js';
import { workloadsOf } from './workloads.js';

const names = Object.keys(RENDERED).filter((name) => name !== 'platform');

const problems = (manifests: readonly Manifest[]) =>
  workloadsOf(manifests).flatMap((workload) => {
    const fields = configFieldsOf(workload.app);
    const read = workload.part === 'migration' ? fields.migrate : fields.serve;
    return environmentProblems(workload, manifests, read);
  });

describe('what a pod is given is what its configuration reads', () => {
  it.each(names)('in %s: every variable and file, and no other', (name) => {
    expect(problems(golden(name))).toEqual([]);
  });

  it.each(names)('in %s: with values that the service takes', async (name) => {
    const manifests = golden(name);
    for (const workload of workloadsOf(manifests)) {
      const read = await readAsThePodDoes(workload, manifests);
      expect([workload.called, read.role ?? workload.part]).toEqual([
        workload.called,
        workload.part,
      ]);
    }
  });

  const config = (manifests: Manifest[]) => {
    const api = the(manifests, 'Deployment', 'ledger-api').spec.template.spec;
    const name = api.containers[0]?.envFrom?.[0]?.configMapRef?.name ?? '';
    return { api, data: the(manifests, 'ConfigMap', name).data };
  };
  type Row = { says: string; change: (manifests: Manifest[]) => void };
  it.each<Row>([
    {
      says: 'KAFKA_BROKER is read by nobody',
      change: (all) => (config(all).data['KAFKA_BROKER'] = 'kafka:9092'),
    },
    {
      says: 'KAFKA_BROKERS is left to chance',
      change: (all) => delete config(all).data['KAFKA_BROKERS'],
    },
    {
      says: 'KAFKA_SASL is for workers',
      change: (all) => (config(all).data['KAFKA_SASL'] = 'scram_sha512'),
    },
    { says: 'STORY is set', change: (all) => (config(all).data['STORY'] = '1') },
    {
      says: 'nothing is mounted at /etc/hutong/tokens.json',
      change: (all) => (config(all).data['TOKENS_FILE'] = '/etc/hutong/tokens.json'),
    },
    {
      says: '/run/secrets/hutong/tokens.json is mounted for nobody',
      change: (all) => (config(all).data['TOKENS_FILE'] = '/etc/hutong/tokens.json'),
    },
    {
      says: 'PASSWORD has a secret for all to see',
      change: (all) =>
        config(all).api.containers[0]?.env?.push({
          name: 'PASSWORD',
          valueFrom: { secretKeyRef: { name: 'ledger-database', key: 'password' } },
        }),
    },
  ])('or else: $says', ({ says, change }) => {
    const manifests = golden('bare');
    change(manifests);
    expect(problems(manifests)).toContain(`Deployment ledger-api: ${says}`);
  });

  type Value = { name: string; value: string };
  it.each<Value>`
    name                    | value
    ${'DATABASE_URL'}       | ${'postgresql://ledger:word@host/ledger'}
    ${'DATABASE_POOL_SIZE'} | ${'ten'}
    ${'KAFKA_BROKERS'}      | ${'kafka'}
    ${'BOOKING_CLOCK'}      | ${'now'}
  `('refuses $name = $value as the service does', async ({ name, value }) => {
    const manifests = golden('bare');
    config(manifests).data[name] = value;
    const ledger = workloadsOf(manifests).find((one) => one.name === 'ledger-api');
    if (ledger === undefined) throw new Error('nothing to break');

    await expect(readAsThePodDoes(ledger, manifests)).rejects.toThrow(name);
  });
});
