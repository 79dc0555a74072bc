import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ExplainDecisionsController } from './explain-decisions/explain-decisions.controller.js';
import { OfferMethodsConsumer } from './offer-methods/offer-methods.consumer.js';
import { RequestAttemptConsumer } from './request-attempt/request-attempt.consumer.js';
import { RequestCloseConsumer } from './request-close/request-close.consumer.js';
import { RequestRefundConsumer } from './request-refund/request-refund.consumer.js';
import { SwitchesController } from './switches/switches.controller.js';
import { TrackReportsConsumer } from './track-reports/track-reports.consumer.js';

@Module({
  controllers: [
    OfferMethodsConsumer,
    RequestAttemptConsumer,
    RequestCloseConsumer,
    RequestRefundConsumer,
    TrackReportsConsumer,
    ExplainDecisionsController,
    SwitchesController,
  ],
})
export class RoutingModule {
  /** @param providers what the controllers take, built by `startRouting`. */
  static with(providers: readonly Provider[]): DynamicModule {
    return { module: RoutingModule, providers: [...providers] };
  }
}
