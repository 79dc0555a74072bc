import { RequireScope, TokenGuard, UNAVAILABLE } from '@hutong/http';
import { applyDecorators, UseGuards } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { answersProblems, type Codes } from './answers-problems.js';
import { ProblemView } from './problem-view.js';

/** What any such route may answer before its own code has seen the request. */
const anywhere: Codes = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'No token, or none that is known' },
  scope_missing: { status: 403, title: 'The token may not do this' },
  internal_error: { status: 500, title: 'Something went wrong here' },
  unavailable: UNAVAILABLE,
};

/**
 * A route for operators and services whose token has `scope`, as `ledger:read`, and nobody else.
 * @param refusals every other problem that it answers.
 */
export const ForOperators = (
  scope: string,
  ...refusals: readonly Codes[]
): MethodDecorator & ClassDecorator =>
  applyDecorators(
    UseGuards(TokenGuard),
    RequireScope(scope),
    ApiBearerAuth(),
    answersProblems(ProblemView, anywhere, ...refusals),
  );
