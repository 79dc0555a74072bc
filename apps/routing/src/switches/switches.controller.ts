import type { Clock } from '@hutong/config';
import { Caller, problem, RequireScope, TokenGuard, type AccessToken } from '@hutong/http';
import type { Logger } from '@hutong/telemetry';
import { Body, Controller, Get, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AnswersProblems } from '../explain-decisions/problem-docs.adapter.js';
import { SwitchTurns } from '../store/switches.repository.js';
import { switchesView, targetFrom, turnView } from './switch.js';
import { SwitchesView, SwitchTurnView, TurnSwitchBody } from './switch.wire.js';

/** What the controller takes beside its repository. */
export const SWITCH_SURROUNDINGS = Symbol('clock and logger of the switches');

const unknownTarget = {
  status: 422,
  code: 'target_unknown',
  title: 'Neither a provider nor a method',
} as const;
const invalidRequest = {
  status: 400,
  code: 'invalid_request',
  title: 'The request is not valid',
} as const;

@ApiTags('switches')
@Controller('switches')
@UseGuards(TokenGuard)
@ApiBearerAuth()
export class SwitchesController {
  constructor(
    private readonly turns: SwitchTurns,
    @Inject(SWITCH_SURROUNDINGS)
    private readonly around: Readonly<{ clock: Clock; logger: Logger }>,
  ) {}

  @Get()
  @RequireScope('routing:read')
  @ApiOperation({ summary: 'What is switched off, by whom and why, and how providers do' })
  @ApiOkResponse({ type: SwitchesView })
  @AnswersProblems()
  async see(): Promise<SwitchesView> {
    return switchesView(await this.turns.all(), this.around.clock.now());
  }

  @Post()
  @HttpCode(200)
  @RequireScope('routing:write')
  @ApiOperation({
    summary: 'Switches a provider or a method off or on again, at once',
    description: 'Closing attempts and giving money back go on.',
  })
  @ApiOkResponse({ type: SwitchTurnView })
  @AnswersProblems(unknownTarget, invalidRequest)
  async turn(
    @Body() { target, off, reason }: TurnSwitchBody,
    @Caller() { name }: AccessToken,
  ): Promise<SwitchTurnView> {
    const known = targetFrom(target);
    if (!known.ok) throw problem(unknownTarget);
    const turn = await this.turns.turn({ target: known.value, off, reason, turnedBy: name });
    this.around.logger.warn('switch turned', { method: known.value, status: off ? 'off' : 'on' });
    return turnView(turn);
  }
}
