import { randomBytes } from 'node:crypto';
import type { BillAvailable } from '@hutong/domain-events';
import type { Said } from './ids.js';

export const aBillAvailable = (said: Said<BillAvailable> = {}): BillAvailable => ({
  type: 'bill.available',
  provider: 'wechat',
  day: '2026-11-24',
  sha256: randomBytes(32).toString('hex'),
  ...said,
});
