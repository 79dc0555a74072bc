import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { configFieldsOf } from '../k8s/config-fields.js';
import { root } from '../k8s/repository.js';

type Service = {
  image: string;
  build?: { args: { APP: string } };
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  depends_on?: Record<string, { condition: string }>;
};
type Composed = { services: Record<string, Service> };

const read = (): Composed =>
  parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as Composed;

/** Without its file a service starts, and lacks a part: the whole system has all of them. */
const A_PART = /_(FILE|DIR)$/;
/** Compose's broker is in its own network, in plain text: nobody logs in there. */
const AT_THE_BROKER = /^KAFKA_(SASL|CA)_/;

/** What a service is told that its app does not read, and what it needs and is not told. */
function untrue({ services }: Composed): string[] {
  return Object.entries(services).flatMap(([name, { image, command, environment = {} }]) => {
    const app = /^hutong\/(.+):dev$/.exec(image)?.[1];
    if (app === undefined || name === 'topics') return [];
    const fields = configFieldsOf(app)[command?.[0] === 'migrate' ? 'migrate' : 'serve'];
    const needed = [...fields]
      .filter(([field, kind]) => kind === 'needed' || A_PART.test(field))
      .filter(([field]) => !AT_THE_BROKER.test(field))
      .map(([field]) => field);
    return [
      ...Object.keys(environment)
        .filter((field) => !fields.has(field))
        .map((field) => `${name}: ${field} is read by nobody`),
      ...needed
        .filter((field) => !(field in environment))
        .map((field) => `${name}: ${field} is missing`),
    ];
  });
}

const apps = readdirSync(join(root, 'apps')).filter((app) =>
  existsSync(join(root, 'apps', app, 'src/main.ts')),
);

describe('docker compose up', () => {
  const { services } = read();

  it('tells each service what it reads, and nothing else', () => {
    expect(untrue(read())).toEqual([]);
  });

  it('would be seen to tell something else', () => {
    const composed = read();
    const { checkout, ledger } = composed.services;
    Object.assign(checkout?.environment ?? {}, { KAFKA_BROKER: 'kafka:9094' });
    delete ledger?.environment?.['TOKENS_FILE'];
    delete checkout?.environment?.['LINK_KEY_FILE'];
    expect(untrue(composed)).toEqual([
      'checkout: KAFKA_BROKER is read by nobody',
      'checkout: LINK_KEY_FILE is missing',
      'ledger: TOKENS_FILE is missing',
    ]);
  });

  it('brings up every app, each built once', () => {
    const built = Object.values(services).flatMap(({ build }) => build?.args.APP ?? []);
    expect(built.toSorted()).toEqual(apps.toSorted());
  });

  it('finishes a migration before its service starts, and the topics before all', () => {
    for (const app of apps.filter((name) => name !== 'provider-sandbox')) {
      expect(services[app]?.depends_on).toMatchObject({
        topics: { condition: 'service_completed_successfully' },
        [`${app}-migrations`]: { condition: 'service_completed_successfully' },
      });
    }
  });

  it('opens ports to this machine only', () => {
    const ports = Object.values(services).flatMap(({ ports: open = [] }) => open);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('lets nothing of ours write to its image or keep a capability of root', () => {
    const own = Object.entries(services).filter(([, { image }]) => image.startsWith('hutong/'));
    expect(own.length).toBeGreaterThan(apps.length);
    for (const [name, { read_only: sealed, cap_drop: dropped }] of own) {
      expect([name, sealed, dropped]).toEqual([name, true, ['ALL']]);
    }
  });
});

describe('npm run up', () => {
  it('starts the two servers and no service of ours', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['up']).toBe('docker compose up --detach --wait postgres kafka');
    const { services } = read();
    const needs = ['postgres', 'kafka'].flatMap((name) =>
      Object.keys(services[name]?.depends_on ?? {}),
    );
    expect(needs).toEqual(['secrets']);
  });
});
