import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseSealingKeys, seal, unseal } from './sealed-secret.signature.js';

const [old, fresh] = ['11'.repeat(32), '22'.repeat(32)];
const secret = 'whsec_c2VjcmV0';
const owner = 'we_1';
const sealed = (keys: string) =>
  seal(parseSealingKeys(keys), { secret, owner, random: randomBytes(12) });

describe('a sealed secret', () => {
  it('opens again, never looks the same twice and does not show what is in it', () => {
    const [one, two] = [sealed(old), sealed(old)];
    expect(unseal(parseSealingKeys(old), one, owner)).toBe(secret);
    expect(one).not.toBe(two);
    expect(Buffer.from(one.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain(
      'whsec',
    );
  });

  it('opens with the key that sealed it while that is among the keys', () => {
    expect(unseal(parseSealingKeys(`${fresh}\n${old}`), sealed(old), owner)).toBe(secret);
    expect(unseal(parseSealingKeys(`${fresh}\n${old}`), sealed(`${fresh}\n${old}`), owner)).toBe(
      secret,
    );
    expect(() => unseal(parseSealingKeys(fresh), sealed(old), owner)).toThrow('not here');
  });

  it('opens for its owner only, and not once a bit of it was changed', () => {
    const one = sealed(old);
    expect(() => unseal(parseSealingKeys(old), one, 'we_2')).toThrow();
    const [version, keyId, text = ''] = one.split('.');
    const bytes = Buffer.from(text, 'base64url');
    for (const at of [0, 12, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8((changed[at] ?? 0) ^ 1, at);
      const again = `${version}.${keyId}.${changed.toString('base64url')}`;
      expect(() => unseal(parseSealingKeys(old), again, owner)).toThrow();
    }
  });

  it.each<string>(['', 'secret', '11'.repeat(31), `${'11'.repeat(32)}\n`, `${'zz'.repeat(32)}`])(
    'has no key in %j, and the text is not told',
    (text) => {
      expect(() => parseSealingKeys(text)).toThrow(/^a sealing key is 64 hexadecimal digits$/);
    },
  );
});
