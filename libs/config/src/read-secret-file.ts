import { readFileSync } from 'node:fs';
import { Secret } from './secret.js';

/**
 * The secret in a mounted file, without the newline that editors and `echo` leave at its end.
 * @throws Error naming the path, never the content, if the file cannot be read, is not UTF-8, or
 *   holds nothing.
 */
export function readSecretFile(path: string): Secret {
  const text = textOf(path, bytesOf(path)).replace(/\r?\n$/, '');
  if (text === '') throw new Error(`secret file ${path} is empty`);
  return Secret.of(text);
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(`secret file ${path} cannot be read`, { cause });
  }
}

/** Nothing is replaced: of a random key, decoding it leniently would leave little. */
function textOf(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`secret file ${path} is not UTF-8 text`);
  }
}
