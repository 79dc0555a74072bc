import type { Clock } from '@hutong/config';
import { createLogger } from '@hutong/telemetry';
import { WechatAdapter } from './wechat.adapter.js';
import { PlatformKeys } from './wechat.certificates.client.js';
import { WechatClient } from './wechat.client.js';
import type { WechatAccount } from './wechat.account.config.js';
import type { WechatApi } from './wechat.config.js';
import { WechatHttp } from './wechat.http.client.js';

const logger = createLogger({ service: 'wechat-gateway', level: 'silent' });

/** Everything that asks WeChat for one account, as the module wires it. */
export function clientsOf(api: WechatApi, clock: Clock, account: WechatAccount) {
  const named = (name: string) => (name === account.account ? account : undefined);
  const http = new WechatHttp(api, clock);
  const keys = new PlatformKeys(http, { named }, clock, logger);
  const client = new WechatClient(http, keys, clock);
  return { keys, client, adapter: new WechatAdapter(client, { named }, keys, clock) };
}
