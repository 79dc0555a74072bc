import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stale, write, type Document } from './documents.js';

const all: readonly Document[] = [
  { path: 'docs/events.md', text: '# Events\n' },
  { path: 'docs/deep/states.md', text: '# States\n' },
];

describe('generated documents', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hutong-docs-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are stale while they are not there', async () => {
    expect(await stale(all, folder)).toEqual(['docs/events.md', 'docs/deep/states.md']);
  });

  it('are up to date once they are written', async () => {
    await write(all, folder);

    expect(await stale(all, folder)).toEqual([]);
    expect(await readFile(join(folder, 'docs/deep/states.md'), 'utf8')).toBe('# States\n');
  });

  it('are stale after any change, by name', async () => {
    await writeFile(join(folder, 'docs/events.md'), '# Events \n');

    expect(await stale(all, folder)).toEqual(['docs/events.md']);
  });
});
