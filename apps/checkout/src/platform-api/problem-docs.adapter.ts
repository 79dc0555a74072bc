import { PROVIDERS } from '@hutong/domain-events';
import { UNAVAILABLE } from '@hutong/http';
import { answersProblems, ProblemView as CommonProblemView, type Codes } from '@hutong/openapi';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { MoneyBody } from './money.wire.js';

/** A problem, with what checkout says beside its code. */
class ProblemView extends CommonProblemView {
  @ApiPropertyOptional({ format: 'uuid', description: 'Of `order_already_has_payment`.' })
  paymentId?: string;
  @ApiPropertyOptional({ description: 'Of `endpoint_exists`.' }) endpointId?: string;
  @ApiPropertyOptional({ type: 'integer', description: 'Of `offer_superseded`: the newest offer.' })
  current?: number;
  @ApiPropertyOptional({ type: MoneyBody, description: 'Of `exceeds_refundable`.' })
  left?: MoneyBody;
  @ApiPropertyOptional({
    enum: PROVIDERS,
    description:
      'Of `pay_code_unsupported`, `pay_code_of_another_app`, `pay_code_not_offered`: whose code it is.',
  })
  issuer?: string;
}

/** What any route may answer before its own code has seen the request. */
const anywhere: Codes = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'No key, or none that is known' },
  scope_missing: { status: 403, title: 'The key may not do this' },
  too_many_requests: { status: 429, title: 'The platform asks too much: see Retry-After' },
  internal_error: { status: 500, title: 'Something went wrong here' },
  unavailable: UNAVAILABLE,
};

/** What may be answered to whoever has no key, and needs none. */
const toGuests: Codes = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  too_many_requests: { status: 429, title: 'The address asks too much: see Retry-After' },
  internal_error: { status: 500, title: 'Something went wrong here' },
  unavailable: UNAVAILABLE,
};

/** Documents every problem that a route answers: one response per status, its codes listed. */
export const AnswersProblems = (...refusals: readonly Codes[]): MethodDecorator & ClassDecorator =>
  answersProblems(ProblemView, anywhere, ...refusals);

/** The same of a route that anybody may call. */
export const GuestProblems = (...refusals: readonly Codes[]): MethodDecorator & ClassDecorator =>
  answersProblems(ProblemView, toGuests, ...refusals);
