import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { MerchantId, PlatformId } from '@hutong/domain-events';
import type { Logger } from '@hutong/telemetry';

/** What every provider's account has: whom it serves, and how much of it may be used at once. */
export type Account = Readonly<{
  /** Its name: of its file, in notification addresses, metrics and logs. */
  account: string;
  platform: PlatformId;
  /** If there are any, it serves these of the platform; else all that no other account serves. */
  merchants: readonly MerchantId[];
  /** Of all processes of the gateway together. */
  requestsPerSecond: number;
  concurrency: number;
  /** At least so long between two refunds of one attempt. */
  refundGapMs: number;
}>;

/** Reads one account and the keys that it names. @throws Error naming the bad field, never a value. */
export type ReadAccount<A extends Account> = (json: unknown, folder: string) => A;

const LOOK_EVERY_MS = 5_000;
/** A forger may name keys that nobody has as often as it likes: the folder is not read each time. */
const REFRESH_AT_MOST_EVERY_MS = 5_000;

/**
 * The accounts of one gateway, one JSON file each, read again when anything in the folder changes: keys
 * rotate without a restart. A file that cannot be read changes nothing for its account; one that is
 * gone serves its open attempts as long as this process runs, and gets no new ones.
 */
export class Accounts<A extends Account> {
  private readonly stopping = new AbortController();
  private readonly watching: Promise<void>;
  private lastRefreshMs = -Infinity;

  private constructor(
    private readonly folder: string,
    private readonly read: ReadAccount<A>,
    private readonly logger: Logger,
    private stamp: string,
    private known: ReadonlyMap<string, A>,
    private current: ReadonlySet<string>,
  ) {
    this.watching = this.watch();
  }

  /** @throws Error naming every file that cannot be used: a gateway starts with good accounts only. */
  static async open<A extends Account>(
    folder: string,
    read: ReadAccount<A>,
    logger: Logger,
  ): Promise<Accounts<A>> {
    const stamp = await stampOf(folder);
    const { accounts, faults } = await readAll(folder, read);
    if (faults.length > 0) {
      throw new Error(`bad accounts: ${faults.map(({ reason }) => reason).join('; ')}`);
    }
    const names = new Set(accounts.keys());
    return new Accounts(folder, read, logger, stamp, accounts, names);
  }

  /** The account for a merchant's money: its own, or its platform's. */
  choose(platform: PlatformId, merchant: MerchantId): A | undefined {
    const own = this.all().filter((a) => a.platform === platform);
    return (
      own.find((a) => a.merchants.includes(merchant)) ?? own.find((a) => a.merchants.length === 0)
    );
  }

  /** By name, also if no new attempt is given to it any more. */
  named(name: string): A | undefined {
    return this.known.get(name);
  }

  /** Those that new attempts may be given to. */
  all(): readonly A[] {
    return [...this.known.values()].filter((a) => this.current.has(a.account));
  }

  /** Those that attempts may still belong to. */
  everKnown(): readonly A[] {
    return [...this.known.values()];
  }

  /** Looks at once whether anything has changed, unless it did so a moment ago. */
  async refresh(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.lastRefreshMs < REFRESH_AT_MOST_EVERY_MS) return;
    this.lastRefreshMs = nowMs;
    await this.look();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.watching;
  }

  private async watch(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await pause(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.look();
    }
  }

  private async look(): Promise<void> {
    try {
      const stamp = await stampOf(this.folder);
      if (stamp === this.stamp) return;
      const { accounts, names, faults } = await readAll(this.folder, this.read);
      this.stamp = stamp; // a broken file is complained about once, not at every look
      for (const { account, cause } of faults) {
        this.logger.error('account cannot be read again', { account }, cause);
      }
      this.known = new Map([...this.known, ...accounts]);
      this.current = new Set([...names].filter((name) => this.known.has(name)));
      this.logger.info('accounts were read again', { count: accounts.size });
    } catch (cause) {
      this.logger.error('accounts cannot be read again', {}, cause);
    }
  }
}

type Fault = Readonly<{ account: string; reason: string; cause: unknown }>;
type ReadAll<A> = Readonly<{ accounts: Map<string, A>; names: Set<string>; faults: Fault[] }>;

/** Every account file of the folder, each by itself. */
async function readAll<A extends Account>(
  folder: string,
  read: ReadAccount<A>,
): Promise<ReadAll<A>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).toSorted();
  const accounts = new Map<string, A>();
  const names = new Set<string>();
  const faults: Fault[] = [];
  for (const file of files) {
    const name = file.slice(0, -'.json'.length);
    names.add(name);
    try {
      const account = read(parse(await readFile(join(folder, file), 'utf8')), folder);
      if (account.account !== name) throw new Error('account is not the name of its file');
      const rival = [...accounts.values()].find((other) => clash(other, account));
      if (rival !== undefined) throw new Error(`serves whom ${rival.account} serves`);
      accounts.set(name, account);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : 'unreadable';
      faults.push({ account: name, reason: `${file}: ${why}`, cause });
    }
  }
  return { accounts, names, faults };
}

/** Two accounts for the same money: which one takes it must not depend on an order of files. */
const clash = (a: Account, b: Account): boolean =>
  a.platform === b.platform &&
  (a.merchants.length === 0
    ? b.merchants.length === 0
    : a.merchants.some((merchant) => b.merchants.includes(merchant)));

/** Changes with every replacement of any file, also with the swap of a link that Kubernetes does. */
async function stampOf(folder: string): Promise<string> {
  const files = (await readdir(folder)).toSorted();
  const stamps = await Promise.all(
    files.map(async (file) => {
      const { ino, size, mtimeNs } = await stat(join(folder, file), { bigint: true });
      return `${file}:${ino}:${size}:${mtimeNs}`;
    }),
  );
  return stamps.join('|');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('is not JSON'); // without the parser's error as cause: it quotes what it read
  }
}
