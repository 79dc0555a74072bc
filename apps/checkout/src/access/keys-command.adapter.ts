import { parseArgs } from 'node:util';
import { isId, platformId, type PlatformId } from '@hutong/domain-events';
import { UsageError } from '@hutong/http';
import { parseInstant } from '../platform-api/instant.js';
import type { ApiKeys, KeySummary } from './api-keys.repository.js';
import { isScope, SCOPES, type Scope } from './scopes.js';

export const KEYS_USAGE = `keys issue --platform <platform> --name <name> [--scopes <scope>,…] [--expires <time>]
     prints the new key once: it is kept nowhere
     scopes, all if left out: ${SCOPES.join(', ')}
     expires: an RFC 3339 time like 2027-01-31T00:00:00Z; never if left out
keys list [--platform <platform>]
     prints id, platform, name, scopes, since when, until when and state, never the key
keys revoke <key id>
     at once, on every instance
keys --help`;

/**
 * Issues, lists or revokes keys of platforms.
 * @returns what to print, line by line. @throws UsageError on arguments that make no sense.
 */
export async function runKeysCommand(
  [command, ...args]: readonly string[],
  keys: ApiKeys,
): Promise<string[]> {
  switch (command) {
    case 'issue':
      return [await issue(args, keys)];
    case 'list':
      return list(args, keys);
    case 'revoke':
      return [await revoke(args, keys)];
    case '--help':
      return [KEYS_USAGE];
    case undefined:
    default:
      throw new UsageError(KEYS_USAGE);
  }
}

async function issue(args: readonly string[], keys: ApiKeys): Promise<string> {
  const options = { platform: text, name: text, scopes: text, expires: text };
  const given = optionsOf(args, options);
  const key = await keys.issue({
    platform: platformFrom(given.platform),
    name: nameFrom(given.name),
    scopes: scopesFrom(given.scopes),
    expiresAt: given.expires === undefined ? undefined : expiryFrom(given.expires),
  });
  if (key === undefined) throw new UsageError(EXPIRES);
  return key;
}

async function list(args: readonly string[], keys: ApiKeys): Promise<string[]> {
  const { platform } = optionsOf(args, { platform: text });
  const all = await keys.list(platform === undefined ? undefined : platformFrom(platform));
  return all.map((key) =>
    [
      key.keyId,
      key.platform,
      key.name,
      key.scopes.join(','),
      key.createdAt.toISOString(),
      key.expiresAt?.toISOString() ?? 'never',
      stateOf(key),
    ].join('\t'),
  );
}

function stateOf({ revokedAt, isActive }: KeySummary): string {
  if (revokedAt !== null) return `revoked ${revokedAt.toISOString()}`;
  return isActive ? 'active' : 'expired';
}

async function revoke(args: readonly string[], keys: ApiKeys): Promise<string> {
  const [keyId = '', ...more] = args;
  if (more.length > 0) throw new UsageError('keys revoke takes one key id');
  if (!(await keys.revoke(keyId))) throw new UsageError('no such key is active: see keys list');
  return `revoked ${keyId}`;
}

function platformFrom(given: string | undefined): PlatformId {
  if (given === undefined || !isId('platformId', given)) {
    throw new UsageError('--platform is a slug like taobao or wechat_mini_program');
  }
  return platformId(given);
}

function nameFrom(given: string | undefined): string {
  if (given === undefined || !/^[\w -]{1,64}$/.test(given)) {
    throw new UsageError('--name is 1 to 64 letters, digits, blanks, - or _');
  }
  return given;
}

function scopesFrom(given: string | undefined): readonly Scope[] {
  const scopes = given === undefined ? [...SCOPES] : given.split(',');
  if (!scopes.every(isScope)) throw new UsageError(`--scopes takes ${SCOPES.join(', ')}`);
  return scopes;
}

const EXPIRES = '--expires is an RFC 3339 time to come, like 2027-01-31T00:00:00Z';

function expiryFrom(given: string): Date {
  const at = parseInstant(given);
  if (at === undefined) throw new UsageError(EXPIRES);
  return at;
}

const text = { type: 'string' } as const;

function optionsOf<Name extends string>(
  args: readonly string[],
  options: Readonly<Record<Name, typeof text>>,
): Partial<Record<Name, string>> {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (cause) {
    throw new UsageError(KEYS_USAGE, { cause });
  }
}
