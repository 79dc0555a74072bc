import type { Server } from 'node:http';
import { answerBrokenRequests } from './broken-requests.js';

/** Largest request body that is read: the greatest legitimate one is a few kilobytes. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/** What Node's server refuses or ends by itself, so that a slow or endless client costs little. */
export const SERVER_LIMITS = {
  /**
   * Of one instance; more are closed as they come. Each that has sent most of the largest headers and body
   * holds about 96 KiB, measured: all of them fit a pod beside what it takes at rest.
   */
  maxConnections: 1_000,
  /** Request line and headers together; beyond it the answer is 431. */
  maxHeaderSize: 16 * 1024,
  maxHeadersCount: 100,
  /** From the first byte to the end of the headers. */
  headersTimeout: 10_000,
  /** From the first byte to the end of the body. */
  requestTimeout: 30_000,
  /**
   * Without a byte in either direction, as of one who asks and does not read the answer. Longer than any
   * answer is waited for, and than an event stream says nothing.
   */
  timeout: 120_000,
  /** How often Node looks for those that are late: what the two limits above are off by at most. */
  connectionsCheckingInterval: 2_000,
  /** Longer than a load balancer's idle time, so that it is not we who close under its request. */
  keepAliveTimeout: 65_000,
  /** A connection is re-made now and then, so that load spreads to new replicas. */
  maxRequestsPerSocket: 1_000,
  /** A request without one is refused where it can be answered with a problem. */
  requireHostHeader: false,
} as const;

/** Before it listens: its limits, and a problem for whatever Node itself refuses. */
export function limitServer(server: Server): void {
  Object.assign(server, SERVER_LIMITS);
  answerBrokenRequests(server);
}
