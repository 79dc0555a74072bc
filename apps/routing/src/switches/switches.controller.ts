import type { Clock } from '@hutong/config';
import { Caller, refusalProblem, type AccessToken } from '@hutong/http';
import { ForOperators } from '@hutong/openapi';
import type { Logger } from '@hutong/telemetry';
import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SwitchTurns } from '../store/switches.repository.js';
import { switchesView, targetFrom, turnView } from './switch.js';
import { SwitchesView, SwitchTurnView, TurnSwitchBody } from './switch.wire.js';

/** What the controller takes beside its repository. */
export const SWITCH_SURROUNDINGS = Symbol('clock and logger of the switches');

const unknownTarget = {
  target_unknown: { status: 422, title: 'Neither a provider nor a method' },
};

@ApiTags('switches')
@Controller('switches')
export class SwitchesController {
  constructor(
    private readonly turns: SwitchTurns,
    @Inject(SWITCH_SURROUNDINGS)
    private readonly around: Readonly<{ clock: Clock; logger: Logger }>,
  ) {}

  @Get()
  @ForOperators('routing:read')
  @ApiOperation({ summary: 'What is switched off, by whom and why, and how providers do' })
  @ApiOkResponse({ type: SwitchesView })
  async see(): Promise<SwitchesView> {
    return switchesView(await this.turns.all(), this.around.clock.now());
  }

  @Post()
  @HttpCode(200)
  @ForOperators('routing:write', unknownTarget)
  @ApiOperation({
    summary: 'Switches a provider or a method off or on again, at once',
    description: 'Closing attempts and giving money back go on.',
  })
  @ApiOkResponse({ type: SwitchTurnView })
  async turn(
    @Body() { target, off, reason }: TurnSwitchBody,
    @Caller() { name }: AccessToken,
  ): Promise<SwitchTurnView> {
    const known = targetFrom(target);
    if (!known.ok) throw refusalProblem(unknownTarget, { code: 'target_unknown' });
    const turn = await this.turns.turn({ target: known.value, off, reason, turnedBy: name });
    this.around.logger.warn('switch turned', { method: known.value, status: off ? 'off' : 'on' });
    return turnView(turn);
  }
}
