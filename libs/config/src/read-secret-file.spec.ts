import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, expect, it } from '@jest/globals';
import { readSecretFile } from './read-secret-file.js';

const folder = mkdtempSync(join(tmpdir(), 'hutong-secret-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array): string {
  const path = join(folder, 'secret');
  writeFileSync(path, content);
  return path;
}

const thrownBy = (path: string): unknown => {
  try {
    return readSecretFile(path);
  } catch (fault) {
    return fault;
  }
};

it.each<[string, string, string]>([
  ['as it is', 's3cret', 's3cret'],
  ["without an editor's newline", 's3cret\n', 's3cret'],
  ["without Windows' newline", 's3cret\r\n', 's3cret'],
  ['with every other blank', ' s3 cret\t\n\n', ' s3 cret\t\n'],
  ['without a mark of its encoding', '\uFEFFs3cret', 's3cret'],
  ['in any writing', '互通', '互通'],
])('reads a secret %s', (_, content, text) => {
  expect(readSecretFile(file(content)).reveal()).toBe(text);
});

it.each<[string, () => string, string]>([
  ['nothing in it', () => file(''), 'is empty'],
  ['a newline alone', () => file('\n'), 'is empty'],
  ['no file', () => join(folder, 'nowhere'), 'cannot be read'],
  ['a folder', () => folder, 'cannot be read'],
  // Decoded with replacement characters, a random key would lose most of what makes it one.
  ['bytes that are no text', () => file(new Uint8Array([0x73, 0xff, 0xfe])), 'is not UTF-8 text'],
])('refuses a path with %s, naming the path', (_, path, why) => {
  const fault = thrownBy(path());
  expect(fault).toMatchObject({ message: `secret file ${path()} ${why}` });
});

it('does not print what it read', () => {
  expect(inspect(readSecretFile(file('s3cret')), { showHidden: true })).toBe('[secret]');
  const broken = Buffer.concat([Buffer.from('correct horse'), Buffer.of(0xff)]);
  expect(inspect(thrownBy(file(broken)))).not.toContain('correct horse');
});
