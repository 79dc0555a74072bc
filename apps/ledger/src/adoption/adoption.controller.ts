import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { periodOf } from '../operator-api/period.js';
import { ReadsTheLedger } from '../operator-api/reads-the-ledger.adapter.js';
import { valueOr } from '../operator-api/refusal-problem.adapter.js';
import { periodRefusals } from '../operator-api/refusals.js';
import { Watermarks } from '../store/watermark.repository.js';
import { Adoption } from './adoption.repository.js';
import { AdoptionQuery, AdoptionView } from './adoption.wire.js';

@ApiTags('adoption')
@Controller('adoption')
export class AdoptionController {
  constructor(
    private readonly adoption: Adoption,
    private readonly watermarks: Watermarks,
  ) {}

  @Get('range')
  @ReadsTheLedger(periodRefusals)
  @ApiOperation({ summary: 'Count the different payers or merchants of a period' })
  @ApiOkResponse({ type: AdoptionView })
  async countUniques(@Query() query: AdoptionQuery): Promise<AdoptionView> {
    const { from, to, ...who } = query;
    const period = valueOr(periodOf({ from, to }), periodRefusals);
    const watermark = await this.watermarks.read();
    const uniques = await this.adoption.uniques({ ...who, period });
    return { ...query, uniques, watermark };
  }
}
