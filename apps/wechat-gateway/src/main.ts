import 'reflect-metadata';
import { runGateway } from '@hutong/gateway';
import { readWechatAccount } from './wechat.account.config.js';
import { readWechatConfig } from './wechat.config.js';
import { startWechat } from './wechat.module.js';

await runGateway(
  {
    provider: 'wechat',
    readConfig: readWechatConfig,
    readAccount: readWechatAccount,
    start: startWechat,
  },
  process,
);
