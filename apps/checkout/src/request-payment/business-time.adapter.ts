import { refusalProblem } from '../platform-api/refusal-problem.adapter.js';
import { parseInstant } from '../platform-api/instant.js';
import { requestRefusals } from '../platform-api/refusals.js';

/** The story's time, which only a ring that tells the story takes from a request. */
export class BusinessTime {
  constructor(private readonly story: boolean) {}

  /** @param header `X-Business-Time`. @throws ProblemException where it is not accepted, or is no time. */
  read(header: string | undefined): Date | undefined {
    if (header === undefined) return undefined;
    if (!this.story) throw refusalProblem(requestRefusals, { code: 'business_time_not_accepted' });
    const at = parseInstant(header);
    if (at === undefined) throw refusalProblem(requestRefusals, { code: 'business_time_invalid' });
    return at;
  }
}
