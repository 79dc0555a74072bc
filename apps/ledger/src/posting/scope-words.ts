import type { Presentation, Provider } from '@hutong/domain-events';
import { ANY, instrumentCode, presentationCode, providerCode, wordOf } from './codes.js';
import type { InstrumentKind } from './codes.js';

/** A scope's numbers as they come from the log, with its platform's name. */
export type ScopeNumbers = Readonly<{
  platform: string;
  provider: number;
  instrument: number;
  presentation: number;
}>;

/** A scope for people. `null` where an outcome names none: a payment that closed. */
export type ScopeWords = Readonly<{
  platform: string;
  provider: Provider | null;
  instrument: InstrumentKind | null;
  presentation: Presentation | null;
}>;

/** @throws Error on a number that was never given out: the log is damaged. */
export const scopeWords = (scope: ScopeNumbers): ScopeWords => ({
  platform: scope.platform,
  provider: wordOrNone(providerCode, scope.provider),
  instrument: wordOrNone(instrumentCode, scope.instrument),
  presentation: wordOrNone(presentationCode, scope.presentation),
});

const wordOrNone = <Word extends string>(
  codes: Readonly<Record<Word, number>>,
  code: number,
): Word | null => (code === ANY ? null : wordOf(codes, code));
