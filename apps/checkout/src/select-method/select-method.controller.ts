import { isId, paymentId, type PlatformId } from '@hutong/domain-events';
import {
  Body,
  Controller,
  Param,
  Post,
  Req,
  Res,
  UseGuards,
  type RawBodyRequest,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Platform, PlatformGuard, RequireScope } from '../access/platform-guard.adapter.js';
import { fitting, issuerOf } from '../pay-code/pay-code.js';
import { isAnswered } from '../payment/attempt.js';
import { TakesPostHeaders } from '../platform-api/header-docs.adapter.js';
import { patienceOf } from '../platform-api/patience.adapter.js';
import { AnswersProblems } from '../platform-api/problem-docs.adapter.js';
import { refusalProblem } from '../platform-api/refusal-problem.adapter.js';
import {
  bodyRefusals,
  headerRefusals,
  payCodeRefusals,
  repeatRefusals,
  unknownPayment,
} from '../platform-api/refusals.js';
import { RepeatableRequests } from '../platform-api/repeatable.adapter.js';
import type { PayerFields } from '../payer/payer-fields.wire.js';
import { PayerSeals } from '../payer/payer-seals.adapter.js';
import { attemptIn, attemptView } from '../see-payment/payment-view.js';
import { AttemptView } from '../see-payment/payment-view.wire.js';
import type { Patience } from '../see-payment/payment-waiters.adapter.js';
import { SeenPayments } from '../see-payment/seen-payments.adapter.js';
import { LinkMaker } from '../share-link/link-maker.adapter.js';
import { chosenRefusals } from '../share-link/link-refusals.js';
import { Payments, type Choosing } from '../store/payment.repository.js';
import type { Repeatable } from '../store/idempotency.repository.js';
import type { Made } from '../store/made-rows.repository.js';
import { AttemptBody, chosenMethod } from './attempt.wire.js';

const refusals = {
  ...chosenRefusals,
  ...payCodeRefusals,
  ...repeatRefusals,
  ...unknownPayment,
};
const ROUTE = 'POST /payments/:paymentId/attempts';

type About = Omit<Choosing, 'method' | 'sealedPayer'>;
type Asking = Readonly<{ repeatable: Repeatable | undefined; patience: () => Patience }>;
type Answered = Readonly<{ status: number; view: AttemptView }>;

@ApiTags('payments')
@Controller('payments')
@UseGuards(PlatformGuard)
export class SelectMethodController {
  constructor(
    private readonly payments: Payments,
    private readonly seen: SeenPayments,
    private readonly links: LinkMaker,
    private readonly seals: PayerSeals,
    private readonly repeatables: RepeatableRequests,
  ) {}

  /** Answers once there is something to show the payer or nothing to wait for, or when the wait is over. */
  @Post(':paymentId/attempts')
  @RequireScope('payments:write')
  @ApiOperation({ summary: 'Choose a method of an offer, and wait for what to show the payer' })
  @TakesPostHeaders()
  @ApiCreatedResponse({ type: AttemptView })
  @AnswersProblems(refusals, headerRefusals, bodyRefusals)
  async choose(
    @Platform() platform: PlatformId,
    @Param('paymentId') id: string,
    @Body() body: AttemptBody,
    @Req() request: RawBodyRequest<Request>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AttemptView> {
    if (!isId('paymentId', id)) throw refusalProblem(refusals, { code: 'payment_unknown' });
    const about = {
      paymentId: paymentId(id),
      platform,
      offer: body.offer,
      paidByAnother: false,
      returnUrl: body.returnUrl,
    };
    const repeatable = this.repeatables.read(request, platform, ROUTE);
    const patience = () => patienceOf(request, response);
    const { status, view } = await this.made(about, body, { repeatable, patience });
    response.status(status);
    return view;
  }

  private async made(about: About, body: AttemptBody, asking: Asking): Promise<Answered> {
    const payer = body.payer ?? {};
    const method = chosenMethod(body);
    if (method === undefined) return this.byCode(about, payer, asking);
    if (method.presentation === 'barcode') {
      const fits = fitting(method.instrument, payer.code);
      if (!fits.ok) throw refusalProblem(refusals, fits.refusal);
    }
    const sealed = await this.seals.sealed(method, payer);
    if (!sealed.ok) throw refusalProblem(refusals, sealed.refusal);
    const choosing: Choosing = { ...about, method, sealedPayer: sealed.value };
    if (method.presentation === 'link') return this.shared(choosing, asking.repeatable);
    const made = await this.payments.choose(choosing, asking.repeatable);
    if (!made.ok) throw refusalProblem(refusals, made.refusal);
    return this.awaited(about, made.value, asking);
  }

  /** The code tells whose it is, and the offer who takes it. */
  private async byCode(about: About, payer: PayerFields, asking: Asking): Promise<Answered> {
    const issuer = issuerOf(payer.code);
    if (!issuer.ok) throw refusalProblem(refusals, issuer.refusal);
    const sealed = await this.seals.sealedForEach(payer);
    const choosing = { ...about, issuer: issuer.value, sealed };
    const made = await this.payments.chooseByCode(choosing, asking.repeatable);
    if (!made.ok) throw refusalProblem(refusals, made.refusal);
    return this.awaited(about, made.value, asking);
  }

  private async awaited(about: About, made: Made, { patience }: Asking): Promise<Answered> {
    const { status, attemptId } = made;
    const { payment } = await this.seen.once(
      about,
      (seen) => isAnswered(attemptIn(seen.payment, attemptId)),
      patience(),
    );
    return { status, view: attemptView(attemptIn(payment, attemptId)) };
  }

  /** A link is answered at once: nobody else is asked, since nothing of it is at a provider. */
  private async shared(choosing: Choosing, repeatable: Repeatable | undefined): Promise<Answered> {
    const made = await this.links.make(choosing, repeatable);
    if (!made.ok) throw refusalProblem(refusals, made.refusal);
    return made.value;
  }
}
