export { AccessTokens, type AccessToken } from './access-tokens.js';
export { configureHttp, httpOptions, type HttpOptions } from './configure-http.js';
export { drainHttp } from './drain-http.js';
export { fetchWithDeadline, type DeadlineInit, type FetchedAnswer } from './fetch-with-deadline.js';
export { BODY_LIMIT_BYTES, SERVER_LIMITS } from './http-limits.js';
export { ManagementServer, type Check, type ManagementOptions } from './management-server.js';
export { PROBLEM_TYPE, ProblemFilter } from './problem.filter.js';
export {
  problem,
  problemBody,
  ProblemException,
  refusalProblem,
  UNAVAILABLE,
  type Answered,
  type ProblemBody,
  type ProblemSpec,
} from './problem.js';
export { RateLimit } from './rate-limit.js';
export { runCommands, UsageError } from './run-commands.js';
export {
  runService,
  STEP_TIMEOUT_MS,
  type RunningService,
  type RunOptions,
  type StopStep,
} from './run-service.js';
export { serve, type AroundService } from './serve.js';
export {
  ServiceFront,
  type FrontOptions,
  type RunningInstance,
  type Served,
} from './service-front.js';
export { Caller, RequireScope, TokenGuard } from './token.guard.js';
export { Unreachable, type UnreachableCode } from './unreachable.js';
export { validationPipe, type InvalidField } from './validation-pipe.js';
