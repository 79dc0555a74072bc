import { spawnSync } from 'node:child_process';
import { chown, mkdir, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseBackEnd, findBackEnds } from '@hutong/testing';

const BLOCK = Buffer.alloc(64 * 1024, 1);

/** What stands in the way of a server's files on a file system of one's own, if anything does. */
export async function missingForSmallDisk(): Promise<string | undefined> {
  const choice = chooseBackEnd({ ...(await findBackEnds()), running: {} });
  if (choice.kind !== 'processes') {
    return 'a full disk: servers keep their files in containers (set HUTONG_BACKEND=processes)';
  }
  const mounts = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  if (mounts.status === 0) return undefined;
  return 'a full disk: no file system can be mounted here (run as root on Linux, with mount allowed)';
}

/** A file system of a few megabytes, to be filled to the last byte. */
export class SmallDisk implements AsyncDisposable {
  private constructor(
    /** Where it is mounted. */
    readonly folder: string,
  ) {}

  /** @param megabytes its size. @throws Error if it cannot be mounted. */
  static async mount(megabytes: number): Promise<SmallDisk> {
    const folder = await mkdtemp(join(tmpdir(), 'small-disk-'));
    run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder);
    return new SmallDisk(folder);
  }

  /** A folder on it that belongs to whoever this file belongs to. */
  async folderFor(owned: string): Promise<string> {
    const { uid, gid } = await stat(owned);
    const own = join(this.folder, 'own');
    await mkdir(own, { mode: 0o700 });
    await chown(own, uid, gid);
    await chown(this.folder, uid, gid);
    return own;
  }

  /** Until nothing more fits. */
  async fill(): Promise<void> {
    const ballast = await open(this.ballast, 'a');
    try {
      for (const block of [BLOCK, BLOCK.subarray(0, 4_096)]) {
        while (await fits(ballast, block));
      }
    } finally {
      await ballast.close();
    }
  }

  /** What `fill` took; nothing, if it took nothing. */
  free(): Promise<void> {
    return rm(this.ballast, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    run('umount', '--lazy', this.folder);
    await rm(this.folder, { recursive: true, force: true });
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }
}

async function fits(file: Awaited<ReturnType<typeof open>>, block: Buffer): Promise<boolean> {
  try {
    const { bytesWritten } = await file.write(block);
    return bytesWritten === block.length;
  } catch (fault) {
    if (Reflect.get(Object(fault), 'code') === 'ENOSPC') return false;
    throw fault;
  }
}

function run(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
}
