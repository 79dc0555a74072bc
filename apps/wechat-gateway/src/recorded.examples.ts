import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Notice, Scenario } from '@hutong/gateway/conformance';
import type { Portal } from './account-files.examples.js';

/** An answer or a notification as it was sent, byte for byte. */
export type Recorded = Notice;

export type RecordedOrder = Readonly<{
  attemptId: string;
  create: Recorded;
  query: Readonly<Record<string, Recorded>>;
  notice: Recorded;
  otherAmount?: Recorded;
}>;

type Payloads = Readonly<{
  /** When all of it was signed. */
  at: string;
  /** Without the merchant's own key: what it signs is not recorded. */
  portal: Omit<Portal, 'privateKeyPem' | 'certificateSerial'>;
  certificate: Readonly<{ serial: string; pem: string }>;
  vectors: Readonly<{
    answer: Recorded;
    emptyAnswer: Recorded;
    notice: Recorded;
    byCertificate: Recorded;
    withoutAssociatedData: Recorded;
    withEmptyAssociatedData: Recorded;
    refundNotice: Recorded;
    orderNumber: string;
  }>;
  orders: Readonly<Record<Scenario, RecordedOrder>>;
}>;

const FILE = join(import.meta.dirname, '../recorded/payloads.json');

/** Made once by another implementation of the protocol; the keys that signed it are gone. */
export const recorded = JSON.parse(readFileSync(FILE, 'utf8')) as Payloads;
