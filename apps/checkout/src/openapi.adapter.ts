import { AccessTokens, RateLimit } from '@hutong/http';
import { describedApp, documentOf } from '@hutong/openapi';
import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiKeys } from './access/api-keys.repository.js';
import { CheckoutModule } from './checkout.module.js';
import { PayerKeys } from './payer/payer-keys.adapter.js';
import { PayerSeals } from './payer/payer-seals.adapter.js';
import { RepeatableRequests } from './platform-api/repeatable.adapter.js';
import { BusinessTime } from './request-payment/business-time.adapter.js';
import { SeenPayments } from './see-payment/seen-payments.adapter.js';
import { Guests } from './share-link/guests.adapter.js';
import { LinkMaker } from './share-link/link-maker.adapter.js';
import { GUEST_CLOCK } from './share-link/open-link.controller.js';
import { ShareLinks } from './share-link/share-links.repository.js';
import { Payments } from './store/payment.repository.js';
import { StuckSurplus } from './surplus/stuck-surplus.repository.js';
import { EventStreams } from './watch-payment/event-streams.adapter.js';
import { EndpointAddresses } from './webhooks/endpoint-addresses.adapter.js';
import { WebhookDeliveries } from './webhooks/webhook-deliveries.repository.js';
import { WebhookEndpoints } from './webhooks/webhook-endpoints.repository.js';

const TAKEN = [
  Payments,
  SeenPayments,
  StuckSurplus,
  PayerKeys,
  RepeatableRequests,
  BusinessTime,
  ApiKeys,
  RateLimit,
  AccessTokens,
  WebhookEndpoints,
  WebhookDeliveries,
  EndpointAddresses,
  EventStreams,
  ShareLinks,
  LinkMaker,
  Guests,
  GUEST_CLOCK,
  PayerSeals,
];

/** What platforms may call, and every answer they may get. */
export const openApiOf = (app: INestApplication, server: URL): OpenAPIObject =>
  documentOf(app, {
    title: 'Hutong checkout',
    description: 'Ask to be paid, choose how, see what became of it.',
    server,
  });

/** The document without a running service. */
export const describeOpenApi = async (publicUrl: URL): Promise<OpenAPIObject> =>
  openApiOf(await describedApp((providers) => CheckoutModule.with(providers), TAKEN), publicUrl);
