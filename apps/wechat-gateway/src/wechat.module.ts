import { Accounts, startGateway, type RunningGateway, type Surroundings } from '@hutong/gateway';
import { Module, type DynamicModule } from '@nestjs/common';
import { WechatAdapter } from './wechat.adapter.js';
import { WechatClient } from './wechat.client.js';
import { readWechatAccount, type WechatConfig } from './wechat.config.js';
import { WechatNotificationController } from './wechat.notification.controller.js';

@Module({ controllers: [WechatNotificationController] })
export class WechatModule {
  static with(gateway: DynamicModule): DynamicModule {
    return { module: WechatModule, imports: [gateway] };
  }
}

/** Starts one instance of the gateway in its role. @throws Error naming what of the accounts is bad. */
export async function startWechat(
  config: WechatConfig,
  around: Surroundings,
): Promise<RunningGateway> {
  const accounts = await Accounts.open(config.accountsDir, readWechatAccount, around.logger);
  const client = new WechatClient(config.api, around.clock);
  const adapter = new WechatAdapter(client, accounts, around.clock);
  const module = (gateway: DynamicModule) => WechatModule.with(gateway);
  const { timeoutMs: callTimeoutMs } = config.api;
  const parts = { config, adapter, accounts, callTimeoutMs, module, around };
  return startGateway({ provider: 'wechat', ...parts });
}
