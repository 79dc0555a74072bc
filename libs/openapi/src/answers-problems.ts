import { PROBLEM_TYPE, type Answered } from '@hutong/http';
import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';

/** How each code is answered. */
export type Codes = Readonly<Record<string, Answered>>;

/**
 * Documents the problems that a route answers: one response per status, its codes listed.
 * @param view the service's `ProblemView`. @param codes of several, the last one that has a code counts.
 */
export function answersProblems(
  view: Type<unknown>,
  ...codes: readonly Codes[]
): MethodDecorator & ClassDecorator {
  const all = Object.entries(codes.reduce((sum, more) => ({ ...sum, ...more }), {}));
  const byStatus = Map.groupBy(all, ([, { status }]) => status);
  const responses = [...byStatus].map(([status, own]) =>
    ApiResponse({
      status,
      description: own.map(([code, { title }]) => `\`${code}\`: ${title}.`).join('\n\n'),
      content: {
        [PROBLEM_TYPE]: {
          schema: {
            allOf: [{ $ref: getSchemaPath(view) }],
            properties: { code: { type: 'string', enum: own.map(([code]) => code) } },
          },
        },
      },
    }),
  );
  return applyDecorators(ApiExtraModels(view), ...responses);
}
