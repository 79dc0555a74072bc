import type { DatabaseConfig } from '@hutong/config';
import type { Logger } from '@hutong/telemetry';
import { Client } from 'pg';
import { connectionOf, impatient } from './pool.js';

type Heard = (keys: readonly string[]) => void;

const RETRY_AFTER_MS = 500;
/** NOTIFY takes 8000 bytes; more keys than fit go with the next one. */
const KEYS_PER_NOTIFY = 150;
const SEPARATOR = ',';

/**
 * Tells other processes of a service that there is something to look at. On a connection of its own,
 * after the commit: NOTIFY inside a business transaction takes a lock that all writers share. What is
 * announced while the last announcement is under way goes with the next one. Wake-ups may be lost;
 * whoever waits also polls.
 */
export class Wakeups {
  private readonly listeners = new Map<string, Set<Heard>>();
  private readonly pending = new Map<string, Set<string>>();
  private client: Client | undefined;
  private connecting: Promise<Client> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly config: DatabaseConfig,
    private readonly logger: Logger,
  ) {}

  /** @param key what changed: at most 50 bytes, no comma; told to everyone who listens to `channel`. */
  announce(channel: string, key: string): void {
    if (this.closed) return;
    const keys = this.pending.get(channel) ?? new Set();
    this.pending.set(channel, keys.add(key));
    this.flushing ??= this.flush();
  }

  /**
   * Calls `heard` with the keys that anybody announces, this process included. After the connection
   * was lost and found again it is called without keys: something may have been missed, look again.
   * @returns stops listening. @throws the driver's error if the first connection fails.
   */
  async listen(channel: string, heard: Heard): Promise<() => Promise<void>> {
    const own = this.listeners.get(channel) ?? new Set();
    this.listeners.set(channel, own.add(heard));
    const stop = async () => {
      own.delete(heard);
      if (own.size > 0) return;
      this.listeners.delete(channel);
      await this.client?.query(`UNLISTEN ${quoted(channel)}`).catch(() => undefined);
    };
    try {
      const client = await this.connected();
      await client.query(`LISTEN ${quoted(channel)}`);
      return stop;
    } catch (cause) {
      await stop();
      throw cause;
    }
  }

  /** Tells what is still to be told, then disconnects. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    await this.flushing;
    const client = this.client ?? (await this.connecting?.catch(() => undefined));
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async flush(): Promise<void> {
    let client: Client | undefined;
    try {
      for (;;) {
        const [next] = this.pending;
        if (next === undefined) return;
        const [channel, keys] = next;
        client = await this.connected();
        const some = [...keys].slice(0, KEYS_PER_NOTIFY);
        for (const key of some) keys.delete(key);
        if (keys.size === 0) this.pending.delete(channel);
        await client.query('SELECT pg_notify($1, $2)', [channel, some.join(SEPARATOR)]);
      }
    } catch (cause) {
      // What is pending is lost, as it may be: whoever waits polls.
      this.pending.clear();
      this.logger.error('wake-up not announced', {}, cause);
      // A connection that gives no answer in time must not hold up the next announcement.
      client?.end().catch(() => undefined);
      if (client !== undefined) this.lost(client);
    } finally {
      this.flushing = undefined;
    }
  }

  private connected(): Promise<Client> {
    if (this.client !== undefined) return Promise.resolve(this.client);
    this.connecting ??= this.connect().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  private async connect(): Promise<Client> {
    const client = new Client(impatient(connectionOf(this.config)));
    client.on('notification', ({ channel, payload }) => {
      const keys = (payload ?? '').split(SEPARATOR).filter((key) => key !== '');
      for (const heard of this.listeners.get(channel) ?? []) heard(keys);
    });
    client.on('error', (cause) => this.lost(client, cause));
    client.on('end', () => this.lost(client));
    try {
      await client.connect();
      for (const channel of this.listeners.keys()) await client.query(`LISTEN ${quoted(channel)}`);
      this.client = client;
      return client;
    } catch (cause) {
      client.end().catch(() => undefined);
      throw cause;
    }
  }

  private lost(client: Client, cause?: unknown): void {
    if (this.client !== client) return;
    this.client = undefined;
    if (this.closed) return;
    this.logger.error('wake-up connection lost', {}, cause);
    this.reconnect();
  }

  private reconnect(): void {
    if (this.closed) return;
    this.connected().then(
      () => this.lookAgain(),
      () => {
        this.retry = setTimeout(() => this.reconnect(), RETRY_AFTER_MS);
      },
    );
  }

  private lookAgain(): void {
    for (const all of this.listeners.values()) for (const heard of all) heard([]);
  }
}

const quoted = (channel: string): string => `"${channel.replaceAll('"', '""')}"`;
