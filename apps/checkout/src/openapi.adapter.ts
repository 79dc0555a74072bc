import { AccessTokens, RateLimit } from '@hutong/http';
import type { INestApplication, Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
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

/** What platforms may call, and every answer they may get. */
export const openApiOf = (app: INestApplication, publicUrl: URL): OpenAPIObject =>
  SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setTitle('Hutong checkout')
      .setDescription('Ask to be paid, choose how, see what became of it.')
      .setVersion('1')
      .addServer(publicUrl.href)
      .addBearerAuth({ type: 'http', scheme: 'bearer' })
      .build(),
    { operationIdFactory: (_, method) => method },
  );

/** The document without a running service: what the controllers take is named, never built. */
export async function describeOpenApi(publicUrl: URL): Promise<OpenAPIObject> {
  const taken = [
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
  const named = taken.map((provide): Provider => ({ provide, useValue: null }));
  const module = CheckoutModule.with(named);
  const app = await NestFactory.create(module, { preview: true, logger: false });
  return openApiOf(app, publicUrl);
}
