import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ClosePaymentController } from './close-payment/close-payment.controller.js';
import { RequestPaymentController } from './request-payment/request-payment.controller.js';
import { RequestRefundController } from './request-refund/request-refund.controller.js';
import { SeePaymentController } from './see-payment/see-payment.controller.js';
import { SelectMethodController } from './select-method/select-method.controller.js';
import { OpenLinkController } from './share-link/open-link.controller.js';
import { PressLinkController } from './share-link/press-link.controller.js';
import { SurplusController } from './surplus/surplus.controller.js';
import { TrackDecisionsConsumer } from './track-payment/track-decisions.consumer.js';
import { TrackReportsConsumer } from './track-payment/track-reports.consumer.js';
import { WatchPaymentController } from './watch-payment/watch-payment.controller.js';
import { WebhookDeliveriesController } from './webhooks/webhook-deliveries.controller.js';
import { WebhookEndpointsController } from './webhooks/webhook-endpoints.controller.js';

@Module({
  controllers: [
    RequestPaymentController,
    SelectMethodController,
    SeePaymentController,
    WatchPaymentController,
    OpenLinkController,
    PressLinkController,
    ClosePaymentController,
    RequestRefundController,
    SurplusController,
    WebhookEndpointsController,
    WebhookDeliveriesController,
    TrackDecisionsConsumer,
    TrackReportsConsumer,
  ],
})
export class CheckoutModule {
  /** @param providers what the controllers take, built by `startCheckout`. */
  static with(providers: readonly Provider[]): DynamicModule {
    return { module: CheckoutModule, providers: [...providers] };
  }
}
