import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { ClassConstructor } from 'class-transformer';
import { parseEnv } from './parse-env.js';
import {
  IsDatabaseUrl,
  IsHostList,
  IsHttpUrl,
  IsPort,
  IsReadableDirectory,
  IsReadableFile,
} from './rules.js';

class DatabaseEnv {
  @IsDatabaseUrl() IT!: string;
}
class HostsEnv {
  @IsHostList() IT!: string;
}
class HttpEnv {
  @IsHttpUrl() IT!: string;
}
class PortEnv {
  @IsPort() IT!: number;
}
class FileEnv {
  @IsReadableFile() IT!: string;
}
class DirectoryEnv {
  @IsReadableDirectory() IT!: string;
}

const holds = (shape: ClassConstructor<object>, text: string): boolean => {
  try {
    parseEnv(shape, { IT: text });
    return true;
  } catch (fault) {
    expect(String(fault)).toContain('IT must');
    expect(String(fault)).not.toContain(text);
    return false;
  }
};

describe('the address of a database', () => {
  it.each([
    ['postgresql://checkout@db:5432/checkout', true],
    ['postgres://checkout@127.0.0.1/checkout', true],
    ['postgresql://checkout@db/checkout?sslmode=disable', true],
    ['postgresql://checkout@db/checkout?sslmode=require', true],
    ['postgresql://checkout@db/checkout?sslmode=verify-full', true],
    // Unencrypted where the server wants it so: what was meant is not what one gets.
    ['postgresql://checkout@db/checkout?sslmode=prefer', false],
    ['postgresql://checkout@db/checkout?ssl=true', false],
    ['postgresql://checkout:pw@db/checkout', false],
    ['postgresql://checkout@db/checkout?password=pw', false],
    ['postgresql://db/checkout', false],
    ['postgresql://checkout@db', false],
    ['postgresql://checkout@db/', false],
    ['mysql://checkout@db/checkout', false],
    ['db:5432', false],
  ])('%s: %s', (text, good) => {
    expect(holds(DatabaseEnv, text)).toBe(good);
  });
});

describe('a list of hosts', () => {
  it.each([
    ['kafka:9092', true],
    ['kafka-1.kafka:9092, kafka-2.kafka:9092', true],
    ['127.0.0.1:9092', true],
    ['[::1]:9092', true],
    ['kafka:65535', true],
    ['kafka:65536', false],
    ['kafka:0', false],
    ['kafka', false],
    ['kafka:', false],
    [':9092', false],
    ['kafka:9092,', false],
    ['kafka:9092;kafka:9093', false],
    ['http://kafka:9092', false],
  ])('%s: %s', (text, good) => {
    expect(holds(HostsEnv, text)).toBe(good);
  });
});

describe('an address on the web', () => {
  it.each([
    ['http://127.0.0.1:3101', true],
    ['https://api.mch.weixin.qq.com', true],
    ['ftp://files', false],
    ['https://user@host', false],
    ['https://user:pw@host', false],
    ['api.mch.weixin.qq.com', false],
    ['https://', false],
  ])('%s: %s', (text, good) => {
    expect(holds(HttpEnv, text)).toBe(good);
  });
});

it.each([
  ['1', true],
  ['65535', true],
  ['0', false],
  ['65536', false],
])('port %s: %s', (text, good) => {
  expect(holds(PortEnv, text)).toBe(good);
});

describe('what a process must be able to read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-rules-spec-'));
  const file = join(folder, 'file');
  writeFileSync(file, 'text');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is a file, or a directory, and there', () => {
    const nowhere = join(folder, 'nowhere');
    expect([file, folder, nowhere].map((path) => holds(FileEnv, path))).toEqual([
      ...[true, false, false],
    ]);
    expect([file, folder, nowhere].map((path) => holds(DirectoryEnv, path))).toEqual([
      ...[false, true, false],
    ]);
  });

  it('is readable to this very process', () => {
    const isRoot = process.getuid?.() === 0; // who may read everything
    chmodSync(file, 0o000);
    expect(holds(FileEnv, file)).toBe(isRoot);
  });
});
