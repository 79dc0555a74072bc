import { readFileSync } from 'node:fs';
import { Secret } from './secret.js';

/**
 * The secret in a mounted file, without the newline that editors and `echo` leave at its end.
 * @throws Error naming the path, never the content, if the file cannot be read or holds nothing.
 */
export function readSecretFile(path: string): Secret {
  const text = textOf(path).replace(/\r?\n$/, '');
  if (text === '') throw new Error(`secret file ${path} is empty`);
  return Secret.of(text);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`secret file ${path} cannot be read`, { cause });
  }
}
