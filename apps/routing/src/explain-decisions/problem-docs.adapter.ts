import { PROBLEM_TYPE, type ProblemSpec } from '@hutong/http';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemView } from './problem.wire.js';

/** What any route may answer before its own code has seen the request. */
const anywhere: readonly ProblemSpec[] = [
  { status: 401, code: 'unauthenticated', title: 'No token, or none that is known' },
  { status: 403, code: 'scope_missing', title: 'The token may not do this' },
  { status: 500, code: 'internal_error', title: 'Something went wrong here' },
];

/** Documents every problem that a route answers: one response per status, its codes listed. */
export function AnswersProblems(...own: readonly ProblemSpec[]): MethodDecorator & ClassDecorator {
  const byStatus = Map.groupBy([...own, ...anywhere], ({ status }) => status);
  const responses = [...byStatus].map(([status, specs]) =>
    ApiResponse({
      status,
      description: specs.map(({ code, title }) => `\`${code}\`: ${title}.`).join('\n\n'),
      content: {
        [PROBLEM_TYPE]: {
          schema: {
            allOf: [{ $ref: getSchemaPath(ProblemView) }],
            properties: { code: { type: 'string', enum: specs.map(({ code }) => code) } },
          },
        },
      },
    }),
  );
  return applyDecorators(ApiExtraModels(ProblemView), ...responses);
}
