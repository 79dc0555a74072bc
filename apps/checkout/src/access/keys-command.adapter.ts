import { parseArgs } from 'node:util';
import { isId, platformId } from '@hutong/domain-events';
import type { ApiKeys } from './api-keys.repository.js';
import { isScope, SCOPES, type Scope } from './scopes.js';

export const KEYS_USAGE = `keys issue --platform <platform> --name <name> [--scopes ${SCOPES.join(',')}]
     prints the new key once: it is kept nowhere
keys list
keys revoke <key id>`;

/** What was asked for cannot be done; its message is for the person who asked. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Issues, lists or revokes keys of platforms.
 * @returns what to print, line by line. @throws UsageError on arguments that make no sense.
 */
export async function runKeysCommand(args: readonly string[], keys: ApiKeys): Promise<string[]> {
  const [command, ...rest] = args;
  switch (command) {
    case 'issue':
      return [await issue(rest, keys)];
    case 'list':
      return (await keys.list()).map((key) => {
        const state = key.revokedAt === null ? 'active' : `revoked ${key.revokedAt.toISOString()}`;
        const since = key.createdAt.toISOString();
        return [key.keyId, key.platform, key.name, key.scopes.join(','), since, state].join('\t');
      });
    case 'revoke':
      return [await revoke(rest, keys)];
    case undefined:
    default:
      throw new UsageError(KEYS_USAGE);
  }
}

async function issue(args: readonly string[], keys: ApiKeys): Promise<string> {
  const { platform, name, scopes } = optionsOf(args);
  if (platform === undefined || !isId('platformId', platform)) {
    throw new UsageError('--platform is a slug like taobao or wechat_mini_program');
  }
  if (name === undefined || !/^[\w -]{1,64}$/.test(name)) {
    throw new UsageError('--name is 1 to 64 letters, digits, blanks, - or _');
  }
  return keys.issue(platformId(platform), name, scopesFrom(scopes));
}

async function revoke([keyId = '']: readonly string[], keys: ApiKeys): Promise<string> {
  if (!(await keys.revoke(keyId))) throw new UsageError('no such key is active: see keys list');
  return `revoked ${keyId}`;
}

function scopesFrom(text: string | undefined): readonly Scope[] {
  const scopes = text === undefined ? [...SCOPES] : text.split(',');
  if (!scopes.every(isScope)) throw new UsageError(`--scopes takes ${SCOPES.join(', ')}`);
  return scopes;
}

function optionsOf(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...args], options: { platform: text, name: text, scopes: text } })
      .values;
  } catch (cause) {
    throw new UsageError(KEYS_USAGE, { cause });
  }
}
