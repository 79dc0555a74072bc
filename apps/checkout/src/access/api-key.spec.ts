import { describe, expect, it } from '@jest/globals';
import { isKey, keyIdOf, KEY_RANDOM_BYTES, mintApiKey } from './api-key.signature.js';

const minted = mintApiKey(Buffer.alloc(KEY_RANDOM_BYTES, 7));
const secretFrom = minted.key.lastIndexOf('_') + 1;
const other = (char: string | undefined) => (char === 'x' ? 'y' : 'x');

/** The key with one character of its secret replaced. */
const wrongAt = (at: number): string =>
  `${minted.key.slice(0, at)}${other(minted.key[at])}${minted.key.slice(at + 1)}`;

const guesses = Array.from({ length: minted.key.length - secretFrom }, (_, at) =>
  wrongAt(secretFrom + at),
);

describe('an API key', () => {
  it('is its own hash and no other', () => {
    expect(isKey(minted.key, minted.sha256)).toBe(true);
    expect(guesses.filter((guess) => isKey(guess, minted.sha256))).toEqual([]);
  });

  it('has a form that tells which one it says to be, and nothing of its secret', () => {
    expect(guesses.map(keyIdOf)).toEqual(guesses.map(() => minted.keyId));
    expect(keyIdOf(`${minted.key}x`)).toBeUndefined();
    expect(keyIdOf(minted.key.slice(0, -1))).toBeUndefined();
  });
});
