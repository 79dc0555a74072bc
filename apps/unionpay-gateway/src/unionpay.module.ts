import {
  Accounts,
  SealingKeys,
  startGateway,
  type RunningGateway,
  type Surroundings,
} from '@hutong/gateway';
import { Module, type DynamicModule } from '@nestjs/common';
import { UnionpayAdapter } from './unionpay.adapter.js';
import { ASKING, ASKS_BY_MORE_THAN_NUMBERS } from './unionpay.asking.js';
import { SigningCertificates } from './unionpay.certificates.signature.js';
import { UnionpayClient } from './unionpay.client.js';
import { readUnionpayAccount } from './unionpay.account.config.js';
import type { UnionpayConfig } from './unionpay.config.js';
import { UnionpayFrontController } from './unionpay.front.controller.js';
import { Fronts, FRONTS } from './unionpay.fronts.adapter.js';
import { UnionpayHttp } from './unionpay.http.client.js';
import { UnionpayNotificationController } from './unionpay.notification.controller.js';

@Module({ controllers: [UnionpayNotificationController, UnionpayFrontController] })
export class UnionpayModule {
  static with(gateway: DynamicModule, fronts: Fronts): DynamicModule {
    return {
      module: UnionpayModule,
      imports: [gateway],
      providers: [{ provide: FRONTS, useValue: fronts }],
    };
  }
}

/** Starts one instance of the gateway in its role. @throws Error naming what of the accounts is bad. */
export async function startUnionpay(
  config: UnionpayConfig,
  around: Surroundings,
): Promise<RunningGateway> {
  const { api, accountsDir, sealingKeysDir } = config;
  const { clock, logger } = around;
  const sealing =
    sealingKeysDir === undefined ? undefined : await SealingKeys.open('unionpay', sealingKeysDir);
  const accounts = await Accounts.open(accountsDir, readUnionpayAccount, logger);
  const certificates = new SigningCertificates();
  const client = new UnionpayClient(new UnionpayHttp(api), certificates, clock, logger);
  const unionpay = new UnionpayAdapter(client, accounts, certificates, api, clock);
  const fronts = new Fronts(accounts, api);
  return startGateway({
    provider: 'unionpay',
    config,
    adapter: unionpay,
    refunding: unionpay,
    asking: ASKING,
    asksByMoreThanNumbers: ASKS_BY_MORE_THAN_NUMBERS,
    ...(sealing !== undefined && { sealing }),
    accounts,
    callTimeoutMs: api.timeoutMs,
    module: (gateway) => UnionpayModule.with(gateway, fronts),
    around,
  });
}
