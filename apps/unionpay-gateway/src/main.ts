import 'reflect-metadata';
import { runGateway } from '@hutong/gateway';
import { readUnionpayAccount } from './unionpay.account.config.js';
import { ASKS_BY_MORE_THAN_NUMBERS } from './unionpay.asking.js';
import { readUnionpayConfig } from './unionpay.config.js';
import { startUnionpay } from './unionpay.module.js';

await runGateway(
  {
    provider: 'unionpay',
    readConfig: readUnionpayConfig,
    readAccount: readUnionpayAccount,
    start: startUnionpay,
    asksByMoreThanNumbers: ASKS_BY_MORE_THAN_NUMBERS,
  },
  process,
);
