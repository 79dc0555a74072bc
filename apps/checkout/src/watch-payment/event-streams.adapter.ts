import { once } from 'node:events';
import type { Logger, Metrics } from '@hutong/telemetry';
import type { Response } from 'express';
import { Places } from '../platform-api/places.js';

/** What one stream may still do. */
export type OpenStream = Readonly<{
  /** Aborted when the client is gone, the time is up or this instance stops. */
  over: AbortSignal;
  /** Waits where the client reads more slowly than it is written to. */
  write: (text: string) => Promise<void>;
}>;

export type StreamLimits = Readonly<{
  /** At once, on this instance. */
  perKey: number;
  /** After which a stream ends, and its client may come again: load spreads to new instances. */
  longestMs: number;
  heartbeatMs: number;
}>;

export const STREAM_LIMITS: StreamLimits = {
  perKey: 200,
  longestMs: 10 * 60_000,
  heartbeatMs: 15_000,
};

/** The server-sent event streams of this instance. */
export class EventStreams {
  private readonly places = new Places();
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private readonly count: (change: number) => void;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
    readonly limits: StreamLimits = STREAM_LIMITS,
  ) {
    const gauge = metrics.gauge('hutong_checkout_streams', 'Event streams that are open.');
    this.count = (change) => gauge.inc(change);
  }

  /** What lets the key open one more stream and gives its place back; undefined if it has too many. */
  placeFor(keyId: string): (() => void) | undefined {
    return this.places.take(keyId, this.limits.perKey);
  }

  /** Serves one stream to its end. A fault ends it: the client comes again and says where it was. */
  async serve(
    giveBack: () => void,
    response: Response,
    feed: (stream: OpenStream) => Promise<void>,
  ): Promise<void> {
    const work = this.feedUntilOver(response, feed);
    this.running.add(work);
    this.count(1);
    try {
      await work;
    } catch (fault) {
      this.logger.error('an event stream broke off', {}, fault);
    } finally {
      giveBack();
      this.count(-1);
      this.running.delete(work);
      response.end();
    }
  }

  /** Ends every stream between two events; their clients come again, to another instance. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.allSettled(this.running);
  }

  private async feedUntilOver(response: Response, feed: (stream: OpenStream) => Promise<void>) {
    const gone = new AbortController();
    if (response.closed) gone.abort();
    else response.once('close', () => gone.abort());
    const over = AbortSignal.any([
      gone.signal,
      this.stopping.signal,
      AbortSignal.timeout(this.limits.longestMs),
    ]);
    const write = async (text: string) => {
      if (over.aborted || response.write(text)) return;
      await once(response, 'drain', { signal: over }).catch(() => undefined); // over, or drained
    };
    await feed({ over, write });
  }
}
