import { accessSync, constants, statSync } from 'node:fs';
import { Transform } from 'class-transformer';
import { Max, Min, IsInt, ValidateBy } from 'class-validator';

const MAX_PORT = 65_535;
const DATABASE_URL =
  'postgresql://user@host:port/database without a password, and ?sslmode= disable, require or verify-full';

/** One rule of our own: what must be true of the variable's text, in words that may be printed. */
const rule = (name: string, wanted: string, holds: (text: string) => boolean): PropertyDecorator =>
  ValidateBy({
    name,
    validator: {
      validate: (value) => typeof value === 'string' && holds(value),
      defaultMessage: () => `$property must be ${wanted}`,
    },
  });

/** A file that this process may read: a mounted secret, a table of rates. */
export const IsReadableFile = () =>
  rule('isReadableFile', 'the path of a readable file', (path) => readable(path, 'file'));

/** A folder that this process may read: policies, provider accounts. */
export const IsReadableDirectory = () =>
  rule('isReadableDirectory', 'the path of a readable directory', (path) =>
    readable(path, 'directory'),
  );

/** Comma-separated `host:port`, as Kafka's clients want them. */
export const IsHostList = () =>
  rule('isHostList', 'a comma-separated list of host:port', (text) =>
    text.split(',').every((entry) => {
      const port = /^(?:[\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(entry.trim())?.[1];
      return port !== undefined && Number(port) >= 1 && Number(port) <= MAX_PORT;
    }),
  );

/** With or without TLS; the half-hearted modes, which a server may turn off, are not among them. */
const SSL_MODES = ['disable', 'require', 'verify-full'];

/**
 * `postgresql://user@host:port/database`, with nothing behind it but `?sslmode=`. The password comes
 * from its own file, so none is here.
 */
export const IsDatabaseUrl = () =>
  rule('isDatabaseUrl', DATABASE_URL, (text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    const postgres = url.protocol === 'postgresql:' || url.protocol === 'postgres:';
    const complete = url.username !== '' && url.hostname !== '' && url.pathname.length > 1;
    const settings = [...url.searchParams];
    const known = settings.every(([name, mode]) => name === 'sslmode' && SSL_MODES.includes(mode));
    return postgres && complete && url.password === '' && settings.length <= 1 && known;
  });

/** An absolute http or https address of ours or a provider's, without credentials in it. */
export const IsHttpUrl = () =>
  rule('isHttpUrl', 'an http or https address without credentials', (text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    const web = url.protocol === 'http:' || url.protocol === 'https:';
    return web && url.username === '' && url.password === '';
  });

/** Decimal digits, and nothing that `Number` would guess at (`1e3`, `0x10`, blanks). */
export function IsWholeNumber(min: number, max: number): PropertyDecorator {
  const digits = Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? (/^\d{1,15}$/.test(value) ? Number(value) : NaN) : value,
  );
  return (target, property) => {
    for (const decorate of [digits, IsInt(), Min(min), Max(max)]) decorate(target, property);
  };
}

/** A TCP port. */
export const IsPort = () => IsWholeNumber(1, MAX_PORT);

function readable(path: string, kind: 'file' | 'directory'): boolean {
  try {
    accessSync(path, constants.R_OK);
    const found = statSync(path);
    return kind === 'file' ? found.isFile() : found.isDirectory();
  } catch {
    return false; // whatever is wrong with it, the variable's name is what the operator needs
  }
}
