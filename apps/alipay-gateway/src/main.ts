import 'reflect-metadata';
import { runGateway } from '@hutong/gateway';
import { readAlipayAccount } from './alipay.account.config.js';
import { readAlipayConfig } from './alipay.config.js';
import { startAlipay } from './alipay.module.js';

await runGateway(
  {
    provider: 'alipay',
    readConfig: readAlipayConfig,
    readAccount: readAlipayAccount,
    start: startAlipay,
  },
  process,
);
