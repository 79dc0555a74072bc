import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsInt, IsObject, Matches, ValidateNested } from 'class-validator';
import { AccountFiles, accountOf, AccountWire, parseAccount } from './account-file.js';

class ToyKeysWire {
  @IsIn(['old', 'new']) mode!: string;
}

class ToyAccountWire extends AccountWire {
  @Matches(/^\d{4}$/) number!: string;
  @IsDefined() @IsObject() @ValidateNested() @Type(() => ToyKeysWire) keys!: ToyKeysWire;
  @IsInt() override refundGapSeconds: number = 60;
}

const usual = {
  account: 'taobao',
  platform: 'taobao',
  privateKeyFile: 'key.pem',
  notifyUrl: 'https://pay.example/notifications/taobao',
  requestsPerSecond: 100,
  concurrency: 8,
};
const registered = { ...usual, number: '1234', keys: { mode: 'new' } };

describe('what an account file says', () => {
  const read = (said: object = {}) => parseAccount(ToyAccountWire, { ...registered, ...said });

  it('is what every account has, and what its provider knows the merchant by', () => {
    const wire = read();
    expect(wire.number).toBe('1234');
    expect(accountOf(wire)).toEqual({
      account: 'taobao',
      platform: 'taobao',
      merchants: [],
      notifyUrl: registered.notifyUrl,
      requestsPerSecond: 100,
      concurrency: 8,
      refundGapMs: 60_000,
    });
    expect(accountOf(read({ merchants: ['m-1'], refundGapSeconds: 0 }))).toMatchObject({
      merchants: ['m-1'],
      refundGapMs: 0,
    });
  });

  it('waits three seconds between refunds where its gateway says nothing else', () => {
    expect(accountOf(parseAccount(AccountWire, usual)).refundGapMs).toBe(3_000);
  });

  it.each<[what: string, said: object, fault: string]>([
    ['a name that no file should have', { account: '../taobao' }, 'bad account'],
    ['a platform that is no slug', { platform: 'Tao Bao' }, 'bad platform'],
    ['merchants that are none', { merchants: [''] }, 'bad merchants'],
    ['no key', { privateKeyFile: '' }, 'bad privateKeyFile'],
    ['a query in its address', { notifyUrl: 'https://pay.example/n?a=b' }, 'bad notifyUrl'],
    ['no pace', { requestsPerSecond: 0 }, 'bad requestsPerSecond'],
    ['nothing at once', { concurrency: '8' }, 'bad concurrency'],
    ['what its gateway refuses', { number: 'one' }, 'bad number'],
    ['what its gateway refuses further in', { keys: { mode: 'both' } }, 'bad keys.mode'],
    ['a field that nobody knows', { apiKey: 'x' }, 'bad apiKey'],
    ['several mistakes', { number: 1, platform: 1 }, 'bad number, platform'],
  ])('is refused with %s, by name', (_, said, fault) => {
    expect(() => read(said)).toThrow(new Error(fault));
  });

  it('is not repeated where a value stands in a name’s place', () => {
    const secret = '4b1d8e5f9c2a7d3e6f8b1c4d7e9fa2b5';
    expect(() => read({ [secret]: 1 })).toThrow(new Error('bad a field that there is not'));
  });

  it.each([[[]], [null], ['{}'], [7]])('is no %j', (json) => {
    expect(() => parseAccount(AccountWire, json)).toThrow(new Error('is not a JSON object'));
  });
});

describe('what lies beside an account', () => {
  let folder: string;
  let files: AccountFiles;
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-accounts-'));
    files = new AccountFiles(folder);
    const texts = { 'key.pem': pem, 'curve.pem': curve, 'canary.pem': 'canary', 'empty.pem': '' };
    for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is found beside it, or wherever its path says', () => {
    expect(files.secret('field', 'canary.pem').reveal()).toBe('canary');
    expect(new AccountFiles('/').secret('field', join(folder, 'canary.pem')).reveal()).toBe(
      'canary',
    );
    expect(files.rsaKey('field', 'key.pem', createPrivateKey).asymmetricKeyType).toBe('rsa');
  });

  it.each([
    ['gone.pem', 'field names no file that can be read and holds anything'],
    ['empty.pem', 'field names no file that can be read and holds anything'],
    ['canary.pem', 'field has no RSA key in PEM'],
    ['curve.pem', 'field has no RSA key in PEM'],
  ])('is refused by the name of its field alone: %s', (file, fault) => {
    let refused: unknown;
    try {
      files.rsaKey('field', file, createPrivateKey);
    } catch (cause) {
      refused = cause;
    }
    expect(refused).toEqual(new Error(fault));
    expect(inspect(refused)).not.toMatch(/canary\b|gone/);
  });
});
