import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { goldenFile, k8s, RENDERED, root } from './repository.js';
import { secretMaterial } from './secret-material.js';

describe('no secret', () => {
  it.each(Object.keys(RENDERED))('is in the golden of %s', (name) => {
    expect(secretMaterial(readFileSync(goldenFile(name), 'utf8'))).toEqual([]);
  });

  it('is in what they are rendered from, nor in what compose starts', () => {
    const files = [
      ...globSync('**/*.{yaml,env,json}', { cwd: k8s }).map((file) => join(k8s, file)),
      ...globSync('{docker-compose*.yml,tools/compose/*}', { cwd: root }).map((f) => join(root, f)),
    ];
    expect(files.length).toBeGreaterThan(50);
    const found = files.flatMap((file) =>
      secretMaterial(readFileSync(file, 'utf8')).map((what) => `${file}: ${what}`),
    );
    expect(found).toEqual([]);
  });

  type Row = { line: string; what: string };
  it.each<Row>`
    line                                                           | what
    ${'-----BEGIN ' + 'PRIVATE KEY-----'}                          | ${'a key or certificate'}
    ${'kind: Secret'}                                              | ${'an object of kind Secret'}
    ${'DATABASE_URL: postgresql://checkout:word@host/checkout'}    | ${'an address with a password'}
    ${'apiV3Key: ' + 'vK3tq9LmZ0cXbR7yWn2PfD8s'}                   | ${'what looks like a key'}
    ${'sha256: ' + '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b'} | ${'what looks like a key'}
    ${'pepper: ' + 'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA=='}             | ${'what looks like a key'}
  `('hides: $what', ({ line, what }) => {
    expect(secretMaterial(`data:\n  ${line}`.replace('  kind', 'kind'))).toEqual([
      `line 2: ${what}`,
    ]);
  });

  it.each([
    'prefersDuringSchedulingIgnoredDuringExecution: []',
    'bootstrapServers: hutong-kafka-bootstrap.kafka.svc:9092',
    'name: wechat-gateway-8g74dmg492',
    'PAYER_KEY_PEPPER_FILE: /run/secrets/hutong/payer-key.pepper',
  ])('is seen in %s', (line) => {
    expect(secretMaterial(line)).toEqual([]);
  });
});
