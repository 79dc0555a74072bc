import { ForOperators, type Codes } from '@hutong/openapi';

/** A route for operators and services whose token may `ledger:read`. @param refusals as they are answered. */
export const ReadsTheLedger = (...refusals: readonly Codes[]): MethodDecorator & ClassDecorator =>
  ForOperators('ledger:read', ...refusals);
