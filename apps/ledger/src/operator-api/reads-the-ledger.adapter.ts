import { PROBLEM_TYPE, RequireScope, TokenGuard } from '@hutong/http';
import { applyDecorators, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemView } from './problem.wire.js';
import type { Answered } from './refusals.js';

type Codes = Readonly<Record<string, Answered>>;

/** What any route may answer before its own code has seen the request. */
const anywhere: Codes = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'No token, or none that is known' },
  scope_missing: { status: 403, title: 'The token may not do this' },
  internal_error: { status: 500, title: 'Something went wrong here' },
};

/**
 * A route for operators and services whose token may `ledger:read`.
 * @param refusals every other problem that it answers: documented, one response per status.
 */
export function ReadsTheLedger(...refusals: readonly Codes[]): MethodDecorator & ClassDecorator {
  const all = Object.entries(refusals.reduce((sum, more) => ({ ...sum, ...more }), anywhere));
  const byStatus = Map.groupBy(all, ([, { status }]) => status);
  const responses = [...byStatus].map(([status, codes]) =>
    ApiResponse({
      status,
      description: codes.map(([code, { title }]) => `\`${code}\`: ${title}.`).join('\n\n'),
      content: {
        [PROBLEM_TYPE]: {
          schema: {
            allOf: [{ $ref: getSchemaPath(ProblemView) }],
            properties: { code: { type: 'string', enum: codes.map(([code]) => code) } },
          },
        },
      },
    }),
  );
  return applyDecorators(
    UseGuards(TokenGuard),
    RequireScope('ledger:read'),
    ApiBearerAuth(),
    ApiExtraModels(ProblemView),
    ...responses,
  );
}
