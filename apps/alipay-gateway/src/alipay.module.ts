import {
  Accounts,
  SealingKeys,
  startGateway,
  type RunningGateway,
  type Surroundings,
} from '@hutong/gateway';
import { Module, type DynamicModule } from '@nestjs/common';
import { AlipayAdapter } from './alipay.adapter.js';
import { ALIPAY_ASKING } from './alipay.asking.js';
import { AlipayClient } from './alipay.client.js';
import { readAlipayAccount } from './alipay.account.config.js';
import { type AlipayConfig } from './alipay.config.js';
import { AlipayHttp } from './alipay.http.client.js';
import { AlipayNotificationController } from './alipay.notification.controller.js';

@Module({ controllers: [AlipayNotificationController] })
export class AlipayModule {
  static with(gateway: DynamicModule): DynamicModule {
    return { module: AlipayModule, imports: [gateway] };
  }
}

/** Starts one instance of the gateway in its role. @throws Error naming what of the accounts is bad. */
export async function startAlipay(
  config: AlipayConfig,
  around: Surroundings,
): Promise<RunningGateway> {
  const { api, accountsDir, sealingKeysDir } = config;
  const { clock, logger } = around;
  const sealing =
    sealingKeysDir === undefined ? undefined : await SealingKeys.open('alipay', sealingKeysDir);
  const accounts = await Accounts.open(accountsDir, readAlipayAccount, logger);
  const client = new AlipayClient(new AlipayHttp(api), clock, logger);
  const alipay = new AlipayAdapter(client, accounts, api, clock);
  return startGateway({
    provider: 'alipay',
    config,
    adapter: alipay,
    closing: alipay,
    refunding: alipay,
    ...(sealing !== undefined && { sealing }),
    accounts,
    asking: ALIPAY_ASKING,
    callTimeoutMs: api.timeoutMs,
    module: (gateway) => AlipayModule.with(gateway),
    around,
  });
}
