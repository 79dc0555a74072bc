import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadPolicies } from './load-policies.adapter.js';

const good = (platform: string) => ({
  platform,
  versions: [
    {
      version: '1',
      effectiveFrom: '2024-09-01T00:00:00+08:00',
      offerValidForSeconds: 600,
      methods: [{ method: 'wechat/wechat_pay/qr', label: 'WeChat Pay' }],
    },
  ],
});

describe('a folder of policies', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'policies-spec-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = (files: Readonly<Record<string, unknown>>) =>
    Promise.all(
      Object.entries(files).map(([name, content]) =>
        writeFile(
          join(folder, name),
          typeof content === 'string' ? content : JSON.stringify(content),
        ),
      ),
    );

  it('is read whole, whatever else lies there', async () => {
    await write({
      'taobao.json': good('taobao'),
      'jd.json': good('jd'),
      'README.md': 'not a policy',
      '.draft.json': 'not yet',
    });
    expect([...(await loadPolicies(folder)).keys()]).toEqual(['jd', 'taobao']);
  });

  it('is refused with every mistake of every file', async () => {
    await write({
      'a.json': good('taobao'),
      'b.json': good('taobao'),
      'c.json': '{ "platform": ',
      'd.json': { ...good('jd'), versions: [{ ...good('jd').versions[0], offerValidForSecs: 1 }] },
    });
    const message = await loadPolicies(folder).then(
      () => '',
      (fault: Error) => fault.message,
    );
    expect(message.split('\n').slice(1)).toEqual([
      'b.json $.platform: a platform that no other file has',
      'c.json $: an object',
      'd.json $.versions[0].offerValidForSecs: no such member',
    ]);
  });

  it('is refused where it is empty', async () => {
    await expect(loadPolicies(folder)).rejects.toThrow('holds no policy');
  });
});
