import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { parseEnv } from './parse-env.js';
import { IsPort, IsWholeNumber } from './rules.js';

class Env {
  @IsString() NAME!: string;
  @IsPort() PORT!: number;
  @IsWholeNumber(1, 10) TRIES: number = 3;
  @IsIn(['api', 'worker']) ROLE: 'api' | 'worker' = 'api';
  @IsOptional() @IsIn(['1']) STORY?: '1' | undefined;
}

const good = { NAME: 'demo', PORT: '3000' };
const refusalOf = (env: NodeJS.ProcessEnv): string => {
  try {
    return `accepted ${inspect(parseEnv(Env, env))}`;
  } catch (fault) {
    return fault instanceof Error ? fault.message : 'not an error';
  }
};

describe('an environment', () => {
  it('becomes typed values, with defaults where nothing was said', () => {
    expect(parseEnv(Env, good)).toEqual({ NAME: 'demo', PORT: 3000, TRIES: 3, ROLE: 'api' });
    expect(parseEnv(Env, { ...good, TRIES: '7', ROLE: 'worker', STORY: '1' })).toEqual({
      ...{ NAME: 'demo', PORT: 3000, TRIES: 7, ROLE: 'worker', STORY: '1' },
    });
  });

  it('counts an empty variable as not set', () => {
    expect(parseEnv(Env, { ...good, TRIES: '', STORY: '' })).toMatchObject({ TRIES: 3 });
    expect(refusalOf({ ...good, NAME: '' })).toBe('bad configuration: NAME is missing');
  });

  it('says nothing of variables that it does not know, and does not take them along', () => {
    const parsed = parseEnv(Env, { ...good, PATH: '/bin', NAMES: 'x', toString: 'x' });
    expect(Object.keys(parsed).toSorted()).toEqual(['NAME', 'PORT', 'ROLE', 'TRIES']);
  });

  it('is not changed, and gives values that no later change of it reaches', () => {
    const env: NodeJS.ProcessEnv = { ...good };
    const parsed = parseEnv(Env, env);
    env['NAME'] = 'other';
    expect([parsed.NAME, env]).toEqual(['demo', { ...good, NAME: 'other' }]);
  });
});

describe('a bad environment', () => {
  it('is refused once, with every bad variable by its name and what it must be', () => {
    expect(refusalOf({ PORT: '99999', TRIES: '11', ROLE: 'both', STORY: 'yes' })).toBe(
      'bad configuration: NAME is missing; PORT must not be greater than 65535; ' +
        'TRIES must not be greater than 10; ' +
        'ROLE must be one of the following values: api, worker; ' +
        'STORY must be one of the following values: 1',
    );
  });

  it('is told apart from a missing one', () => {
    expect(refusalOf({})).toBe('bad configuration: NAME is missing; PORT is missing');
  });

  it('is refused without a value of it, in the message or behind it', () => {
    const canary = 'hunter2-canary';
    const env = { NAME: 'demo', PORT: canary, TRIES: canary, ROLE: canary, STORY: canary };
    expect(() => parseEnv(Env, env)).toThrow(/PORT .*TRIES .*ROLE .*STORY /);
    try {
      parseEnv(Env, env);
    } catch (fault) {
      expect(inspect(fault, { depth: 9, showHidden: true })).not.toContain(canary);
    }
  });

  it.each([
    ['a word', 'many'],
    ['a fraction', '3.5'],
    ['a sign', '-1'],
    ['an exponent', '1e1'],
    ['another base', '0x7'],
    ['a blank before it', ' 7'],
    ['a blank alone', ' '],
    ['a newline behind it', '7\n'],
    ['digits of another writing', '٧'],
    ['a truth', 'true'],
    ['infinity', 'Infinity'],
    ['more digits than are exact', '1000000000000000000'],
    ['less than the least', '0'],
    ['more than the most', '11'],
  ])('is one with %s for a whole number', (_, text) => {
    expect(refusalOf({ ...good, TRIES: text })).toMatch(/^bad configuration: TRIES /);
  });

  it.each(['true', 'false', '0', 'yes', 'on', 'TRUE', ' 1'])(
    'is one with %j for a switch, which is 1 or not there',
    (text) => {
      expect(refusalOf({ ...good, STORY: text })).toMatch(/^bad configuration: STORY /);
    },
  );
});
