import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { daysOf, periodOf, validDay } from '../operator-api/period.js';
import { ReadsTheLedger } from '../operator-api/reads-the-ledger.adapter.js';
import { valueOr } from '../operator-api/refusal-problem.adapter.js';
import { daysRefusals, periodRefusals } from '../operator-api/refusals.js';
import { Watermarks } from '../store/watermark.repository.js';
import { Adoption } from './adoption.repository.js';
import { growthView, partView, seriesView } from './adoption-view.js';
import {
  AdoptionQuery,
  AdoptionView,
  GrowthQuery,
  GrowthView,
  SeriesQuery,
  SeriesView,
  ShareView,
} from './adoption.wire.js';
import { windowAsked } from './window.js';

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
    const period = valueOr(periodOf(query), periodRefusals);
    const watermark = await this.watermarks.read();
    const uniques = await this.adoption.uniques({ ...query, period });
    return { ...query, uniques, watermark };
  }

  @Get('series')
  @ReadsTheLedger(daysRefusals)
  @ApiOperation({ summary: 'Count them for each day, in the window that ends with it' })
  @ApiOkResponse({ type: SeriesView })
  async countEachDay(@Query() query: SeriesQuery): Promise<SeriesView> {
    const days = valueOr(daysOf(query), daysRefusals);
    const window = windowAsked(query.window);
    const watermark = await this.watermarks.read();
    const series = await this.adoption.series(query, days, window);
    return { ...query, window: `${window}`, ...seriesView(series), watermark };
  }

  @Get('share')
  @ReadsTheLedger(periodRefusals)
  @ApiOperation({ summary: 'See how many of those who paid by anything paid by this' })
  @ApiOkResponse({ type: ShareView })
  async seeShare(@Query() query: AdoptionQuery): Promise<ShareView> {
    const period = valueOr(periodOf(query), periodRefusals);
    const watermark = await this.watermarks.read();
    const { here, elsewhere } = await this.adoption.share({ ...query, period });
    const others = query.platform !== undefined && { elsewhere: partView(elsewhere) };
    return { ...query, ...partView(here), ...others, watermark };
  }

  @Get('growth')
  @ReadsTheLedger(daysRefusals)
  @ApiOperation({ summary: 'See each day against the days from the launch on' })
  @ApiOkResponse({ type: GrowthView })
  async seeGrowth(@Query() { launch, ...query }: GrowthQuery): Promise<GrowthView> {
    const days = valueOr(daysOf(query), daysRefusals);
    const window = windowAsked(query.window);
    const watermark = await this.watermarks.read();
    const day = launch === undefined ? undefined : validDay(launch);
    const series = await this.adoption.series(query, days, window);
    const against = await this.adoption.launch(query, day);
    return { ...query, window: `${window}`, ...growthView(series, against), watermark };
  }
}
