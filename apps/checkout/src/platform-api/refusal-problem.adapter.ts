import { problem, type ProblemException } from '@hutong/http';
import type { Result } from '@hutong/result';
import type { Answered } from './refusals.js';

/** The problem document of a refusal; whatever it says beside its code goes along. */
export const refusalProblem = <Code extends string>(
  answers: Readonly<Record<Code, Answered>>,
  refusal: Readonly<{ code: Code }>,
): ProblemException => problem({ ...answers[refusal.code], ...refusal });

/** What was made or found. @throws ProblemException of the refusal where it was refused. */
export function orProblem<T, R extends Readonly<{ code: string }>>(
  result: Result<T, R>,
  answers: Readonly<Record<R['code'], Answered>>,
): T {
  if (result.ok) return result.value;
  throw refusalProblem<R['code']>(answers, result.refusal);
}
