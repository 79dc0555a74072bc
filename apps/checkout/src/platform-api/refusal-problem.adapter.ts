import { problem, type ProblemException } from '@hutong/http';
import type { Answered } from './refusals.js';

/** The problem document of a refusal; whatever it says beside its code goes along. */
export const refusalProblem = <Code extends string>(
  answers: Readonly<Record<Code, Answered>>,
  refusal: Readonly<{ code: Code }>,
): ProblemException => problem({ ...answers[refusal.code], ...refusal });
