import { gatewayTopic, type Provider } from '@hutong/domain-events';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Account, Accounts } from './accounts.js';
import { Attempts } from './attempts.repository.js';
import { Backlog } from './backlog.js';
import { ACCOUNTS } from './gateway.tokens.js';
import { hearCommandsOf } from './hear-commands.consumer.js';
import { Notifications } from './notifications.js';
import { Refunds } from './refunds.repository.js';
import { ShownOrders } from './shown-orders.repository.js';

@Module({})
export class GatewayModule {
  /** Hears the provider's commands, and gives its controllers `Notifications` and `ShownOrders`. */
  static serving(
    provider: Provider,
    parts: Readonly<{
      attempts: Attempts;
      refunds: Refunds;
      backlog: Backlog;
      notifications: Notifications;
      shownOrders: ShownOrders;
      accounts: Accounts<Account>;
    }>,
  ): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [hearCommandsOf(gatewayTopic[provider])],
      providers: [
        { provide: Attempts, useValue: parts.attempts },
        { provide: Refunds, useValue: parts.refunds },
        { provide: Backlog, useValue: parts.backlog },
        { provide: Notifications, useValue: parts.notifications },
        { provide: ShownOrders, useValue: parts.shownOrders },
        { provide: ACCOUNTS, useValue: parts.accounts },
      ],
      exports: [Notifications, ShownOrders],
    };
  }
}
