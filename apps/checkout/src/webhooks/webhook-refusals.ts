import type { Answered } from '../platform-api/refusals.js';
import type { ReplayRefusal } from './webhook-deliveries.repository.js';
import type {
  RegisterRefusal,
  RevealRefusal,
  RotateRefusal,
  UnknownEndpoint,
} from './webhook-endpoints.repository.js';

type Answers<R extends Readonly<{ code: string }>> = Readonly<Record<R['code'], Answered>>;

export const unknownEndpoint: Answers<UnknownEndpoint> = {
  endpoint_unknown: { status: 404, title: 'There is no such endpoint' },
};

const notConfigured = {
  webhooks_not_configured: { status: 503, title: 'Webhooks are not configured here' },
};

export const registerRefusals: Answers<RegisterRefusal> = {
  ...notConfigured,
  endpoint_url_invalid: { status: 422, title: 'That is no URL of visible ASCII characters' },
  endpoint_url_not_https: { status: 422, title: 'Webhooks are sent over https' },
  endpoint_url_odd: {
    status: 422,
    title: 'Write the host plainly: no credentials, no fragment, no other notation of an address',
  },
  endpoint_address_not_public: { status: 422, title: 'Webhooks are sent to public addresses only' },
  endpoint_exists: { status: 409, title: 'The address is registered already' },
  too_many_endpoints: { status: 409, title: 'A platform has at most 8 active endpoints' },
};

export const revealRefusals: Answers<RevealRefusal> = { ...unknownEndpoint, ...notConfigured };

export const rotateRefusals: Answers<RotateRefusal> = {
  ...revealRefusals,
  endpoint_disabled: { status: 409, title: 'The endpoint is disabled' },
  rotation_in_progress: { status: 409, title: 'The secret before is still valid' },
};

export const replayRefusals: Answers<ReplayRefusal | Readonly<{ code: 'replay_range_invalid' }>> = {
  ...unknownEndpoint,
  endpoint_disabled: rotateRefusals.endpoint_disabled,
  replay_range_invalid: { status: 422, title: 'A range is from one RFC 3339 time to a later one' },
};
