import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { periodOf } from '../operator-api/period.js';
import { ReadsTheLedger } from '../operator-api/reads-the-ledger.adapter.js';
import { valueOr } from '../operator-api/refusal-problem.adapter.js';
import { periodRefusals } from '../operator-api/refusals.js';
import { Watermarks } from '../store/watermark.repository.js';
import type { VolumeQuestion } from './volume-question.js';
import { reasonsView, volumesView } from './volume-view.js';
import { ReasonsView, ScopeQuery, VolumesQuery, VolumesView } from './volume.wire.js';
import { Volumes } from './volumes.repository.js';

@ApiTags('volume')
@Controller()
export class VolumeController {
  constructor(
    private readonly volumes: Volumes,
    private readonly watermarks: Watermarks,
  ) {}

  @Get('volumes')
  @ReadsTheLedger(periodRefusals)
  @ApiOperation({
    summary: 'See what was paid and paid back, by provider, instrument, presentation',
  })
  @ApiOkResponse({ type: VolumesView })
  async seeVolumes(@Query() { grain, ...query }: VolumesQuery): Promise<VolumesView> {
    const question = questionOf(query);
    const watermark = await this.watermarks.read();
    return { ...volumesView(await this.volumes.of(question, grain), grain), watermark };
  }

  @Get('reasons')
  @ReadsTheLedger(periodRefusals)
  @ApiOperation({ summary: 'See how often no money moved, and why' })
  @ApiOkResponse({ type: ReasonsView })
  async seeReasons(@Query() query: ScopeQuery): Promise<ReasonsView> {
    const question = questionOf(query);
    const watermark = await this.watermarks.read();
    return { ...reasonsView(await this.volumes.reasons(question)), watermark };
  }
}

function questionOf({ from, to, ...scope }: ScopeQuery): VolumeQuestion {
  const days = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  return { ...scope, period: valueOr(periodOf(days), periodRefusals) };
}
