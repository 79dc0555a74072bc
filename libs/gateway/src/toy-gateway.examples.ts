import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { Clock, Role } from '@hutong/config';
import { platformId } from '@hutong/domain-events';
import {
  Controller,
  Headers,
  Module,
  Param,
  Post,
  Req,
  Res,
  type RawBodyRequest,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { Accounts, type Account } from './accounts.js';
import type { AskingPlan } from './asking-plan.js';
import {
  GatewayWorld,
  loggerFor,
  type StartGateway,
} from './conformance/gateway-world.examples.js';
import { Notifications } from './notifications.js';
import { startGateway } from './start-gateway.js';
import { ToyProvider } from './toy-provider.examples.js';

@Controller('notifications')
class ToyNotificationController {
  constructor(private readonly notifications: Notifications) {}

  @Post(':account')
  async receive(
    @Param('account') account: string,
    @Headers() headers: Record<string, string>,
    @Req() { rawBody }: RawBodyRequest<Request>,
    @Res() response: Response,
  ): Promise<void> {
    const body = rawBody ?? new Uint8Array();
    const receipt = await this.notifications.receive({ account, headers, body });
    response.status(receipt.kind === 'kept' ? 204 : 401).end();
  }
}

@Module({ controllers: [ToyNotificationController] })
class ToyModule {}

export type ToyGateway = AsyncDisposable &
  Readonly<{
    world: GatewayWorld;
    provider: ToyProvider;
    /** Where its accounts lie. */
    folder: string;
  }>;

/** A gateway of the simplest provider, with an account `toys` for Taobao, and `jd_toys` for JD. */
export async function startToyGateway(
  o: Readonly<{
    clock: Clock;
    roles: readonly Role[];
    leaseMs?: number;
    log?: Writable;
    /** Nothing closes its orders before their end. */
    endless?: true;
    /** Of Taobao's account. */
    pace?: Partial<Pick<Account, 'concurrency' | 'requestsPerSecond'>>;
    /** As usual, where nothing is said. */
    asking?: AskingPlan;
  }>,
): Promise<ToyGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'hutong-toys-'));
  await writeFile(join(folder, 'toys.json'), '"taobao"');
  await writeFile(join(folder, 'jd_toys.json'), '"jd"');
  const usual = { merchants: [], requestsPerSecond: 1_000, concurrency: 8, refundGapMs: 0 };
  const read = (json: unknown): Account =>
    json === 'jd'
      ? { account: 'jd_toys', platform: platformId('jd'), ...usual }
      : { account: 'toys', platform: platformId('taobao'), ...usual, ...o.pace };
  const logger = loggerFor('wechat-gateway', o.log);
  const provider = new ToyProvider();
  const start: StartGateway = async (config, around) =>
    startGateway({
      provider: 'wechat',
      config,
      adapter: provider,
      ...(o.endless === undefined && { closing: provider }),
      refunding: provider,
      ...(o.asking !== undefined && { asking: o.asking }),
      callTimeoutMs: 5_000,
      accounts: await Accounts.open(folder, read, logger),
      module: (gateway) => ({ module: ToyModule, imports: [gateway] }),
      around,
    });
  const { clock, leaseMs, log } = o;
  const world = await GatewayWorld.start(
    {
      provider: 'wechat',
      clock,
      start,
      ...(leaseMs !== undefined && { leaseMs }),
      ...(log && { log }),
    },
    ...o.roles,
  );
  return {
    world,
    provider,
    folder,
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
