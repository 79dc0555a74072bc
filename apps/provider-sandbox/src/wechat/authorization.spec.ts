import { describe, expect, it } from '@jest/globals';
import { readAuthorization } from './authorization.js';

const parts = {
  mchid: 'mchid="1900000001"',
  nonce: 'nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242"',
  signature: 'signature="c2lnbmF0dXJl"',
  timestamp: 'timestamp="1554208460"',
  serial: 'serial_no="408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB"',
};
const { mchid, nonce, signature, timestamp, serial } = parts;
const SCHEME = 'WECHATPAY2-SHA256-RSA2048';
const read = {
  scheme: SCHEME,
  mchid: '1900000001',
  nonce: '593BEC0C930BF1AFEB40B4A08C8FB242',
  signature: 'c2lnbmF0dXJl',
  timestamp: '1554208460',
  serial: '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
};

describe('the Authorization header', () => {
  it.each([
    ['as documented', [mchid, nonce, signature, timestamp, serial]],
    ['backwards', [serial, timestamp, signature, nonce, mchid]],
    ['in no order at all', [signature, mchid, serial, nonce, timestamp]],
  ])('is read with its attributes %s', (_, list) => {
    expect(readAuthorization(`${SCHEME} ${list.join(',')}`)).toEqual({ ok: true, value: read });
  });

  const all = [mchid, nonce, signature, timestamp, serial].join(',');
  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['without a scheme', all],
    ['without a list', SCHEME],
    ['with two spaces after the scheme', `${SCHEME}  ${all}`],
    ['with a space after a comma', `${SCHEME} ${all.replace(',', ', ')}`],
    ['without its serial', `${SCHEME} ${[mchid, nonce, signature, timestamp].join(',')}`],
    ['with an empty value', `${SCHEME} ${all.replace('1900000001', '')}`],
    ['with a value that is not quoted', `${SCHEME} ${all.replaceAll('"', '')}`],
    ['with an attribute twice', `${SCHEME} ${all},${mchid}`],
    ['with an attribute of its own', `${SCHEME} ${all},more="1"`],
  ])('is refused %s', (_, header) => {
    expect(readAuthorization(header)).toMatchObject({ ok: false });
  });
});
