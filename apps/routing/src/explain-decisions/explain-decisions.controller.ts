import { problem, RequireScope, TokenGuard } from '@hutong/http';
import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Decisions } from '../store/decisions.repository.js';
import { explanationView } from './explanation.js';
import { ExplanationView } from './explanation.wire.js';
import { AnswersProblems } from './problem-docs.adapter.js';

const unknownPayment = {
  status: 404,
  code: 'payment_unknown',
  title: 'Nothing was decided about such a payment',
} as const;

@ApiTags('decisions')
@Controller('decisions')
@UseGuards(TokenGuard)
export class ExplainDecisionsController {
  constructor(private readonly decisions: Decisions) {}

  @Get(':paymentId')
  @RequireScope('routing:read')
  @ApiOperation({ summary: 'Why a payer was shown these methods, and not others' })
  @ApiBearerAuth()
  @ApiOkResponse({ type: ExplanationView })
  @AnswersProblems(unknownPayment)
  async explain(@Param('paymentId') paymentId: string): Promise<ExplanationView> {
    const explained = await this.decisions.explain(paymentId);
    if (explained === undefined) throw problem(unknownPayment);
    return explanationView(explained);
  }
}
