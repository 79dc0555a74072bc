import { describe, expect, it } from '@jest/globals';
import type { Presentation } from '@hutong/domain-events';
import { fieldsFor } from './payer-fields.js';

const payer = { openid: 'openid', clientIp: '203.0.113.7', code: '1345' };

describe('what is sealed of a payer', () => {
  it.each<{ presentation: Presentation; fields: readonly string[] | undefined }>`
    presentation      | fields
    ${'qr'}           | ${undefined}
    ${'link'}         | ${undefined}
    ${'redirect'}     | ${['clientIp']}
    ${'app'}          | ${['clientIp']}
    ${'mini_program'} | ${['openid', 'clientIp']}
    ${'barcode'}      | ${['code', 'clientIp']}
  `('for $presentation: $fields', ({ presentation, fields }) => {
    const sealed = fieldsFor(presentation, payer);
    expect(sealed && Object.keys(sealed)).toEqual(fields);
  });

  it('is what is known, and nothing if that is nothing', () => {
    expect(fieldsFor('mini_program', { clientIp: '::1' })).toEqual({ clientIp: '::1' });
    expect(fieldsFor('redirect', { openid: 'openid' })).toBeUndefined();
    expect(fieldsFor('mini_program', {})).toBeUndefined();
  });
});
