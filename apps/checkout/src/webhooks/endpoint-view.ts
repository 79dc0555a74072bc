import type { Delivery } from './delivery.js';
import type { Endpoint, EndpointWithSecret } from './webhook-endpoints.repository.js';
import type { DeliveryView, EndpointSecretView, EndpointView } from './webhook-endpoints.wire.js';

export const endpointView = (e: Endpoint): EndpointView => ({
  endpointId: e.endpointId,
  url: e.url,
  createdAt: e.createdAt.toISOString(),
  ...(e.oldSecretUntil && { oldSecretUntil: e.oldSecretUntil.toISOString() }),
  ...(e.disabledAt && { disabledAt: e.disabledAt.toISOString() }),
});

export const endpointSecretView = (e: EndpointWithSecret): EndpointSecretView => ({
  ...endpointView(e),
  secret: e.secret,
});

export const deliveryView = (d: Delivery): DeliveryView => ({
  webhookId: d.webhookId,
  paymentId: d.paymentId,
  sequence: d.sequence,
  type: d.type,
  status: d.status,
  createdAt: d.createdAt.toISOString(),
  queuedAt: d.queuedAt.toISOString(),
  tries: d.tries,
  ...(d.lastTriedAt && { lastTriedAt: d.lastTriedAt.toISOString() }),
  ...(d.lastStatus !== undefined && { lastStatus: d.lastStatus }),
  ...(d.lastFault !== undefined && { lastFault: d.lastFault }),
});
