import { readFileSync } from 'node:fs';
import { idPatterns, platformId, PROVIDERS, type Provider } from '@hutong/domain-events';
import { plainToInstance } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  validateSync,
} from 'class-validator';
import { instrumentCode, type InstrumentKind } from './posting/codes.js';
import { uncovered, type ContractRate } from './posting/contract-rates.js';
import { parseDay } from './posting/day.js';

/** One line of the file: `{ "provider": "wechat", "from": "2020-01-01", "feeBps": 60 }`. */
class RateLine {
  @IsIn(PROVIDERS) provider!: Provider;
  @IsOptional() @IsIn(Object.keys(instrumentCode)) instrument?: InstrumentKind;
  @IsOptional() @Matches(idPatterns.platformId) platform?: string;
  @IsString() from!: string;
  @IsInt() @Min(0) @Max(10_000) feeBps!: number;
}

/**
 * What merchants pay, from a mounted file: a list of rates, each from a day in Beijing on.
 * @throws Error naming the file and the line that is wrong, or the providers that no rate covers.
 */
export function readContractRates(path: string): readonly ContractRate[] {
  const lines = parse(path);
  if (!Array.isArray(lines)) throw new Error(`rates file ${path} is not a JSON list`);
  const rates = lines.map((line: unknown, index) =>
    rateOf(line, `rates file ${path}, rate ${index + 1}`),
  );
  const missing = uncovered(rates);
  if (missing.length > 0) {
    throw new Error(`rates file ${path} has no rate from 2020-01-01 on for ${missing.join(', ')}`);
  }
  return rates;
}

function rateOf(line: unknown, where: string): ContractRate {
  if (typeof line !== 'object' || line === null || Array.isArray(line)) {
    throw new Error(`${where}: not an object`);
  }
  const rate = plainToInstance(RateLine, line);
  const wrong = validateSync(rate, { whitelist: true, forbidNonWhitelisted: true });
  const from = parseDay(rate.from);
  if (wrong.length > 0 || from === undefined) {
    const fields = wrong.length > 0 ? wrong.map(({ property }) => property) : ['from'];
    throw new Error(`${where}: bad ${fields.join(', ')}`);
  }
  const { provider, feeBps, instrument, platform } = rate;
  return {
    provider,
    feeBps,
    from,
    ...(instrument !== undefined && { instrument }),
    ...(platform !== undefined && { platform: platformId(platform) }),
  };
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`rates file ${path} is not JSON`, { cause });
  }
}
