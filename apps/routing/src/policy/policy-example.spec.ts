import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { methodText } from '@hutong/domain-events';
import { parsePolicy } from './parse-policy.js';

it('the example in the README is a policy of all three providers', async () => {
  const page = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, example = ''] = /^```json\n(.*?)^```$/ms.exec(page) ?? [];
  const read = parsePolicy(JSON.parse(example));
  const methods = read.ok ? (read.value.versions[0]?.methods ?? []) : read.refusal;
  expect(methods.map((rule) => ('method' in rule ? methodText(rule.method) : rule))).toEqual([
    'alipay/alipay/redirect',
    'alipay/alipay/app',
    'unionpay/alipay/qr',
    'unionpay/cloud_quickpass/qr',
    'wechat/wechat_pay/qr',
  ]);
});
