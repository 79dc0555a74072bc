import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ReadsTheLedger } from '../operator-api/reads-the-ledger.adapter.js';
import { valueOr } from '../operator-api/refusal-problem.adapter.js';
import { entriesRefusals } from '../operator-api/refusals.js';
import { Entries } from './entries.repository.js';
import { entryView } from './entry-view.js';
import { EntriesQuery, EntriesView } from './entry-view.wire.js';
import { orderAsked } from './order.js';

@ApiTags('books')
@Controller('entries')
export class SeeEntriesController {
  constructor(private readonly entries: Entries) {}

  /** None if nothing is booked (yet): an attempt that took no money has no entry. */
  @Get()
  @ReadsTheLedger(entriesRefusals)
  @ApiOperation({ summary: 'See what is booked of an attempt or a refund' })
  @ApiOkResponse({ type: EntriesView })
  async seeEntries(@Query() query: EntriesQuery): Promise<EntriesView> {
    const found = await this.entries.of(valueOr(orderAsked(query), entriesRefusals));
    return { entries: found.map(([entry, postings]) => entryView(entry, postings)) };
  }
}
