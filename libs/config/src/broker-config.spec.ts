import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readBrokerConfig } from './broker-config.js';

const folder = mkdtempSync(join(tmpdir(), 'hutong-broker-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const KAFKA_BROKERS = 'kafka-1:9092, kafka-2:9092';
const login = {
  KAFKA_BROKERS,
  KAFKA_SASL: 'scram_sha512',
  KAFKA_SASL_USERNAME: 'checkout',
  KAFKA_SASL_PASSWORD_FILE: fileOf('password', 'canary-1\n'),
};
const tls = { KAFKA_BROKERS, KAFKA_TLS: 'enable', KAFKA_CA_FILE: fileOf('ca.crt', 'PEM one') };

describe('how a process reaches the broker', () => {
  it('is in plain text and as nobody, where nothing else is said', () => {
    expect(readBrokerConfig({ KAFKA_BROKERS })).toEqual({
      brokers: ['kafka-1:9092', 'kafka-2:9092'],
    });
  });

  it('is by a name and the password of a file, which is read anew each time and shown nowhere', () => {
    const config = readBrokerConfig(login);
    expect(config.login?.username).toBe('checkout');
    expect(config.login?.password().reveal()).toBe('canary-1');
    expect(inspect(config, { depth: 9, showHidden: true })).not.toContain('canary');
    expect(JSON.stringify(config)).not.toContain('canary');

    fileOf('password', 'canary-2\n');
    expect(config.login?.password().reveal()).toBe('canary-2');
  });

  it('is encrypted, and only to whom an authority of the file vouches for, read anew each time', () => {
    const config = readBrokerConfig(tls);
    expect(config.tls?.authorities()).toBe('PEM one');

    fileOf('ca.crt', 'PEM two');
    expect(config.tls?.authorities()).toBe('PEM two');
  });

  it('trusts the authorities that Node knows where no file is named', () => {
    const config = readBrokerConfig({ ...tls, KAFKA_CA_FILE: '' });
    expect([config.tls !== undefined, config.tls?.authorities()]).toEqual([true, undefined]);
  });

  type Row = { what: string; env: NodeJS.ProcessEnv; says: string };
  it.each<Row>`
    what                            | env                                                                | says
    ${'a login without a name'}     | ${{ ...login, KAFKA_SASL_USERNAME: '' }}                           | ${'KAFKA_SASL_USERNAME is missing'}
    ${'a login without a password'} | ${{ ...login, KAFKA_SASL_PASSWORD_FILE: '' }}                      | ${'KAFKA_SASL_PASSWORD_FILE is missing'}
    ${'a password that is nowhere'} | ${{ ...login, KAFKA_SASL_PASSWORD_FILE: join(folder, 'nowhere') }} | ${'KAFKA_SASL_PASSWORD_FILE'}
    ${'an empty password'}          | ${{ ...login, KAFKA_SASL_PASSWORD_FILE: fileOf('empty', '\n') }}   | ${'is empty'}
    ${'a name that goes unused'}    | ${{ ...login, KAFKA_SASL: 'none' }}                                | ${'KAFKA_SASL is none'}
    ${'a login of another kind'}    | ${{ ...login, KAFKA_SASL: 'plain' }}                               | ${'KAFKA_SASL'}
    ${'authorities that go unused'} | ${{ ...tls, KAFKA_TLS: 'disable' }}                                | ${'KAFKA_TLS is disable'}
    ${'authorities from nowhere'}   | ${{ ...tls, KAFKA_CA_FILE: join(folder, 'nowhere') }}              | ${'KAFKA_CA_FILE'}
  `('is refused with $what', ({ env, says }) => {
    expect(() => readBrokerConfig(env)).toThrow(says);
    expect(() => readBrokerConfig(env)).not.toThrow('canary');
  });
});
