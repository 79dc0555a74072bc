import 'reflect-metadata';
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Logger } from '@hutong/telemetry';
import { plainToInstance } from 'class-transformer';
import { ArrayMinSize, ArrayUnique, IsArray, Matches, validateSync } from 'class-validator';

/** Who may call, and what for. The token itself is nowhere: the file has its hash. */
export type AccessToken = Readonly<{ name: string; scopes: readonly string[] }>;

/** One entry of a tokens file: `[{ "name": "operator", "scopes": ["ledger:read"], "sha256": "…" }]`. */
class TokenEntry {
  @Matches(/^[a-z][a-z0-9_-]{0,63}$/) name!: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @Matches(/^[a-z_]+:[a-z_]+$/, { each: true })
  scopes!: string[];
  /** Of the token's text, hex. Tokens are random and long: no salt, no slow hash. */
  @Matches(/^[0-9a-f]{64}$/) sha256!: string;
}

/**
 * The tokens of operators and services, from a mounted file that may be replaced at any time. A
 * replacement that cannot be read changes nothing: the tokens known before go on working.
 */
export class AccessTokens {
  private constructor(
    private readonly path: string,
    private readonly logger: Logger,
    private stamp: string,
    private entries: readonly TokenEntry[],
  ) {}

  /** @throws Error naming the path, never the content, if the file is not a list of tokens. */
  static async open(path: string, logger: Logger): Promise<AccessTokens> {
    const stamp = await stampOf(path);
    return new AccessTokens(path, logger, stamp, await entriesOf(path));
  }

  /** Looks at every entry whatever it finds, so that the time taken tells nothing of the tokens. */
  async find(presented: string): Promise<AccessToken | undefined> {
    await this.refresh();
    const hash = createHash('sha256').update(presented).digest();
    let found: TokenEntry | undefined;
    for (const entry of this.entries) {
      if (timingSafeEqual(hash, Buffer.from(entry.sha256, 'hex'))) found = entry;
    }
    return found && { name: found.name, scopes: found.scopes };
  }

  /** A broken or missing file is complained about once, not at every request. */
  private async refresh(): Promise<void> {
    const stamp = await stampOf(this.path).catch(() => GONE);
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    try {
      this.entries = await entriesOf(this.path);
      this.logger.info('tokens were read again', { count: this.entries.length });
    } catch (cause) {
      this.logger.error('tokens cannot be read again', {}, cause);
    }
  }
}

const GONE = 'gone';

/** Changes with every replacement, also with the atomic swap of a link that Kubernetes does. */
async function stampOf(path: string): Promise<string> {
  const { ino, size, mtimeNs } = await stat(path, { bigint: true });
  return `${ino}:${size}:${mtimeNs}`;
}

async function entriesOf(path: string): Promise<readonly TokenEntry[]> {
  const parsed = parse(await readFile(path, 'utf8'));
  if (!Array.isArray(parsed)) throw new Error(`tokens file ${path} is not a JSON list`);
  return parsed.map((item: unknown, index) => {
    const entry =
      typeof item === 'object' && item !== null ? plainToInstance(TokenEntry, item) : {};
    const wrong =
      entry instanceof TokenEntry ? validateSync(entry).map((e) => e.property) : ['entry'];
    if (!(entry instanceof TokenEntry) || wrong.length > 0) {
      throw new Error(`tokens file ${path}: entry ${index} has a bad ${wrong.join(', ')}`);
    }
    return entry;
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // without the parser's error as cause: it quotes what it read
  }
}
