import type { Sql } from '@hutong/database';
import { PAYMENT_OUTCOMES } from '@hutong/domain-events';

/** Up to where outcomes were heard: the next offset of each partition that said anything. */
export type Watermark = Readonly<{ nextOffsets: Readonly<Record<string, string>> }>;

export class Watermarks {
  constructor(private readonly db: Sql) {}

  /** Read before the numbers that it goes with: they are then at least as new. */
  async read(): Promise<Watermark> {
    const rows = await this.db.query<{ part: number; next_off: bigint }>(
      'select part, next_off from ingest_offset where topic = $1 order by part',
      [PAYMENT_OUTCOMES],
    );
    const offsets = rows.map(({ part, next_off }) => [part, next_off.toString()] as const);
    return { nextOffsets: Object.fromEntries(offsets) };
  }
}
