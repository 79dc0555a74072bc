import { refusalProblem, type Answered } from '@hutong/http';
import type { Result } from '@hutong/result';

/** The value of a result. @throws ProblemException for a refusal, with its status and sentence. */
export function valueOr<T, Code extends string>(
  result: Result<T, Readonly<{ code: Code }>>,
  answers: Readonly<Record<Code, Answered>>,
): T {
  if (result.ok) return result.value;
  throw refusalProblem(answers, result.refusal);
}
