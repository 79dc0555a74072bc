import { PROBLEM_TYPE } from '@hutong/http';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemView } from './problem.wire.js';
import type { Answered } from './refusals.js';

type Codes = Readonly<Record<string, Answered>>;

/** What any route may answer before its own code has seen the request. */
const anywhere: Codes = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'No key, or none that is known' },
  scope_missing: { status: 403, title: 'The key may not do this' },
  too_many_requests: { status: 429, title: 'The platform asks too much: see Retry-After' },
  internal_error: { status: 500, title: 'Something went wrong here' },
};

/** What may be answered to whoever has no key, and needs none. */
const toGuests: Codes = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  too_many_requests: { status: 429, title: 'The address asks too much: see Retry-After' },
  internal_error: { status: 500, title: 'Something went wrong here' },
};

/** Documents every problem that a route answers: one response per status, its codes listed. */
export const AnswersProblems = (...refusals: readonly Codes[]): MethodDecorator & ClassDecorator =>
  documented([anywhere, ...refusals]);

/** The same of a route that anybody may call. */
export const GuestProblems = (...refusals: readonly Codes[]): MethodDecorator & ClassDecorator =>
  documented([toGuests, ...refusals]);

function documented(refusals: readonly Codes[]): MethodDecorator & ClassDecorator {
  const all = Object.entries(refusals.reduce((sum, more) => ({ ...sum, ...more }), {}));
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
  return applyDecorators(ApiExtraModels(ProblemView), ...responses);
}
