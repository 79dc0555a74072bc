import { refusalProblem } from '@hutong/http';
import { ForOperators } from '@hutong/openapi';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Decisions } from '../store/decisions.repository.js';
import { explanationView } from './explanation.js';
import { ExplanationView } from './explanation.wire.js';

const unknownPayment = {
  payment_unknown: { status: 404, title: 'Nothing was decided about such a payment' },
};

@ApiTags('decisions')
@Controller('decisions')
export class ExplainDecisionsController {
  constructor(private readonly decisions: Decisions) {}

  @Get(':paymentId')
  @ForOperators('routing:read', unknownPayment)
  @ApiOperation({ summary: 'Why a payer was shown these methods, and not others' })
  @ApiOkResponse({ type: ExplanationView })
  async explain(@Param('paymentId') paymentId: string): Promise<ExplanationView> {
    const explained = await this.decisions.explain(paymentId);
    if (explained === undefined) throw refusalProblem(unknownPayment, { code: 'payment_unknown' });
    return explanationView(explained);
  }
}
