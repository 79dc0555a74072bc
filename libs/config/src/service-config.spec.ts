import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parseEnv } from './parse-env.js';
import { readStoreConfig, serviceConfig } from './service-config.js';
import { ServiceEnv } from './service-env.js';

const folder = mkdtempSync(join(tmpdir(), 'hutong-config-spec-'));
const password = join(folder, 'password');
writeFileSync(password, 'p4ssword-canary\n');
afterAll(() => rmSync(folder, { recursive: true }));

const env = {
  DATABASE_URL: 'postgresql://checkout@db:5432/checkout',
  DATABASE_PASSWORD_FILE: password,
  KAFKA_BROKERS: 'kafka-1:9092, kafka-2:9092',
};
const read = (over: NodeJS.ProcessEnv = {}) =>
  serviceConfig(parseEnv(ServiceEnv, { ...env, ...over }), { port: 3_000 });

describe('what every service reads', () => {
  it('has a value for everything that may be left out', () => {
    const { database, ...rest } = read();
    expect(rest).toEqual({
      role: 'all',
      host: '0.0.0.0',
      port: 3_000,
      managementPort: 9_000,
      kafka: { brokers: ['kafka-1:9092', 'kafka-2:9092'] },
      logLevel: 'info',
      story: false,
    });
    expect([database.url.href, database.poolSize]).toEqual([env.DATABASE_URL, 10]);
  });

  it('takes the password from its file, and shows it nowhere', () => {
    const config = read();
    expect(config.database.password.reveal()).toBe('p4ssword-canary');
    const shown = `${JSON.stringify(config)} ${inspect(config, { depth: 9, showHidden: true })}`;
    expect(shown).toContain('[secret]');
    expect(shown).not.toContain('canary');
  });

  it.each(['api', 'worker', 'all'] as const)('knows the role %s', (role) => {
    expect(read({ ROLE: role }).role).toBe(role);
  });

  it('names every variable that is bad or missing', () => {
    const bad = { ROLE: 'both', DATABASE_URL: 'x', KAFKA_BROKERS: '', DATABASE_POOL_SIZE: '1' };
    const refused = () => read({ ...bad, DATABASE_PASSWORD_FILE: join(folder, 'nowhere') });
    expect(refused).toThrow(
      /ROLE .*DATABASE_URL .*DATABASE_PASSWORD_FILE .*DATABASE_POOL_SIZE .*KAFKA_BROKERS is missing/,
    );
  });

  it.each<[NodeJS.ProcessEnv, number | undefined]>([
    [{ PORT: '3001' }, 9_001],
    [{ PORT: '3001', MANAGEMENT_PORT: '9999' }, 9_999],
    [{ PORT: '59535' }, 65_535],
    [{ PORT: '59536' }, undefined],
    [{ PORT: '59536', MANAGEMENT_PORT: '9999' }, 9_999],
  ])('finds the management port beside %j', (over, managementPort) => {
    if (managementPort === undefined) expect(() => read(over)).toThrow('MANAGEMENT_PORT');
    else expect(read(over).managementPort).toBe(managementPort);
  });

  it('tells the story only where that was said', () => {
    expect([read().story, read({ STORY: '1' }).story]).toEqual([false, true]);
  });
});

describe('what a migration reads', () => {
  const { DATABASE_URL, DATABASE_PASSWORD_FILE } = env;
  const store = { DATABASE_URL, DATABASE_PASSWORD_FILE };

  it('is a database and nothing else, with few connections', () => {
    const config = readStoreConfig(store);
    expect([config.url.pathname, config.poolSize]).toEqual(['/checkout', 2]);
    expect(config.password.reveal()).toBe('p4ssword-canary');
  });

  it('is refused by the names of the variables', () => {
    expect(() => readStoreConfig({ DATABASE_POOL_SIZE: '1' })).toThrow(
      /DATABASE_URL is missing.*DATABASE_PASSWORD_FILE is missing.*DATABASE_POOL_SIZE/,
    );
    const unreadable = { ...store, DATABASE_PASSWORD_FILE: folder };
    expect(() => readStoreConfig(unreadable)).toThrow('DATABASE_PASSWORD_FILE');
  });
});
