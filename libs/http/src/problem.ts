import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';

/** What a caller of `problem` states. `code` is snake_case and stable: clients branch on it. */
export type ProblemSpec = Readonly<{
  status: number;
  code: string;
  /** The same sentence for every occurrence of the code; the status's own words if left out. */
  title?: string;
  /** What is particular to this occurrence. Never a value that the caller may not see again. */
  detail?: string;
  /** Extension members of RFC 9457, such as `paymentId` or `errors`. */
  [extension: string]: unknown;
}>;

/** RFC 9457 problem details, as `application/problem+json` carries them. */
export type ProblemBody = Readonly<{
  type: `urn:hutong:problem:${string}`;
  title: string;
  status: number;
  code: string;
  detail?: string;
  instance?: string;
  [extension: string]: unknown;
}>;

/** A refusal on its way out of a controller: `throw problem({ status: 409, code: 'not_paid' })`. */
export class ProblemException extends HttpException {
  constructor(readonly body: ProblemBody) {
    super(body, body.status);
    this.name = 'ProblemException';
  }
}

export const problem = (spec: ProblemSpec): ProblemException =>
  new ProblemException(problemBody(spec));

export function problemBody({ status, code, title, ...rest }: ProblemSpec): ProblemBody {
  return {
    type: `urn:hutong:problem:${code}`,
    title: title ?? STATUS_CODES[status] ?? 'Error',
    status,
    code,
    ...rest,
  };
}

/** How a refusal is answered over HTTP: its status, and one sentence for every occurrence. */
export type Answered = Readonly<{ status: number; title: string }>;

/** Of `unavailable`: what any route that needs its database answers while that is away. */
export const UNAVAILABLE: Answered = { status: 503, title: 'Not available now: see Retry-After' };

/** The problem document of a refusal; whatever it says beside its code goes along. */
export const refusalProblem = <Code extends string>(
  answers: Readonly<Record<Code, Answered>>,
  refusal: Readonly<{ code: Code }>,
): ProblemException => problem({ ...answers[refusal.code], ...refusal });
