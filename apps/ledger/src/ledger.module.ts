import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { AdoptionController } from './adoption/adoption.controller.js';
import { BalanceController } from './balance/balance.controller.js';
import { PostEntryConsumer } from './post-entry/post-entry.consumer.js';
import { SeeEntriesController } from './see-entries/see-entries.controller.js';
import { VolumeController } from './volume/volume.controller.js';

@Module({
  controllers: [
    PostEntryConsumer,
    SeeEntriesController,
    BalanceController,
    VolumeController,
    AdoptionController,
  ],
})
export class LedgerModule {
  /** @param providers what the controllers take, built by `startLedger`. */
  static with(providers: readonly Provider[]): DynamicModule {
    return { module: LedgerModule, providers: [...providers] };
  }
}
