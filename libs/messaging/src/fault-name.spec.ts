import { expect, it } from '@jest/globals';
import { faultName } from './fault-name.js';

class ProviderUnreachable extends Error {
  override readonly name = 'ProviderUnreachable';
}
const withCode = (code: unknown) => Object.assign(new Error('openid o-123'), { code });

it.each<[what: string, fault: unknown, errorClass: string, errorCode: string]>([
  ['an error', new TypeError('of payer o-123'), 'TypeError', ''],
  ['one of ours', new ProviderUnreachable('o-123'), 'ProviderUnreachable', ''],
  ['one with a code', withCode('40001'), 'Error', '40001'],
  ['one with a strange code', withCode({ openid: 'o-123' }), 'Error', ''],
  ['a thrown text', 'openid o-123', 'thrown string', ''],
  ['nothing', undefined, 'thrown undefined', ''],
])('keeps class and code of %s, and none of its words', (_, fault, errorClass, errorCode) => {
  expect(faultName(fault)).toEqual({ errorClass, errorCode });
});
