import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeOpenApi } from './openapi.adapter.js';
import {
  bodyRefusals,
  choiceRefusals,
  closeRefusals,
  headerRefusals,
  refundRefusals,
  repeatRefusals,
  requestRefusals,
  retryRefusals,
  unknownPayment,
} from './platform-api/refusals.js';
import {
  registerRefusals,
  replayRefusals,
  revealRefusals,
  rotateRefusals,
} from './webhooks/webhook-refusals.js';
import { anOrder, PlatformClient, World, type Answer } from './world.examples.js';

type Schema = Readonly<{
  $ref?: string;
  type?: string;
  enum?: readonly unknown[];
  description?: string;
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  items?: Schema;
}>;

describe('the OpenAPI document', () => {
  const opened = new AsyncDisposableStack();
  let world: World;
  let document: OpenAPIObject;
  let taobao: PlatformClient;

  beforeAll(async () => {
    world = opened.use(await World.start('api'));
    taobao = new PlatformClient(world.at(), await world.keyFor('taobao'));
    const served = await fetch(`${world.at()}/openapi.json`);
    document = (await served.json()) as OpenAPIObject;
  }, 120_000);

  afterAll(() => opened.disposeAsync(), 60_000);

  const schemaNamed = (name: string): Schema =>
    (document.components?.schemas?.[name] ?? {}) as Schema;

  /** What in `value` is not as the schema says, by its path. Fields that it does not name count. */
  function wrongIn(value: unknown, schema: Schema, path = ''): string[] {
    if (schema.$ref !== undefined) {
      return wrongIn(value, schemaNamed(schema.$ref.split('/').at(-1) ?? ''), path);
    }
    if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: not listed`];
    if (Array.isArray(value)) {
      return value.flatMap((v, i) => wrongIn(v, schema.items ?? {}, `${path}[${i}]`));
    }
    if (typeof value !== 'object' || value === null || schema.properties === undefined) return [];
    const missing = (schema.required ?? []).filter((name) => !(name in value));
    return [
      ...missing.map((name) => `${path}.${name}: missing`),
      ...Object.entries(value).flatMap(([name, member]) => {
        const own = schema.properties?.[name];
        return own === undefined
          ? [`${path}.${name}: unknown`]
          : wrongIn(member, own, `${path}.${name}`);
      }),
    ];
  }

  const responseOf = (path: string, method: 'get' | 'post', { status }: Answer) =>
    document.paths[path]?.[method]?.responses[String(status)];

  it('is the one that the command prints', async () => {
    expect(
      JSON.parse(JSON.stringify(await describeOpenApi(new URL('http://checkout.test')))),
    ).toEqual(document);
  });

  it('describes the answers that are given', async () => {
    const made = await taobao.post('/payments', anOrder(), { prefer: 'wait=0' });
    const seen = await taobao.get(`/payments/${String(made.body['paymentId'])}`);
    expect(wrongIn(made.body, schemaNamed('PaymentView'))).toEqual([]);
    expect(wrongIn(seen.body, schemaNamed('PaymentView'))).toEqual([]);
    expect(responseOf('/payments', 'post', made)).toBeDefined();
    expect(responseOf('/payments/{paymentId}', 'get', seen)).toBeDefined();
  });

  it('describes endpoints of webhooks and what they are answered', async () => {
    const url = 'http://127.0.0.1:1/hooks';
    const made = await taobao.post('/webhook-endpoints', { url });
    const listed = await taobao.get('/webhook-endpoints');
    const twice = await taobao.post('/webhook-endpoints', { url });
    const path = `/webhook-endpoints/${String(made.body['endpointId'])}`;
    const range = { from: '2026-11-26T08:00:00Z', to: '2026-11-27T08:00:00Z' };
    for (const [answer, schema] of [
      [made, 'EndpointSecretView'],
      [listed, 'EndpointsView'],
      [twice, 'ProblemView'],
      [await taobao.get(path), 'EndpointView'],
      [await taobao.get(`${path}/deliveries`), 'DeliveriesView'],
      [await taobao.post(`${path}/replays`, range), 'ReplayView'],
      [await taobao.post(`${path}/secret`, {}), 'EndpointSecretView'],
      [await taobao.post(`${path}/disable`, {}), 'EndpointView'],
    ] as const) {
      expect([schema, ...wrongIn(answer.body, schemaNamed(schema))]).toEqual([schema]);
    }
    expect(Object.keys(schemaNamed('WebhookView').properties ?? {})).toEqual(
      expect.arrayContaining(['type', 'timestamp', 'sequence', 'paymentId', 'status']),
    );
  });

  it('describes the problems that are answered', async () => {
    const order = anOrder();
    await taobao.post('/payments', order, { prefer: 'wait=0' });
    const twice = await taobao.post('/payments', order);
    const broken = await taobao.post('/payments', {});
    const unread = await taobao.post('/payments', order, { 'content-type': 'text/plain' });
    const large = await taobao.post('/payments', anOrder({ description: 'x'.repeat(70_000) }));
    for (const answer of [twice, broken, unread, large]) {
      expect(wrongIn(answer.body, schemaNamed('ProblemView'))).toEqual([]);
      const documented = JSON.stringify(responseOf('/payments', 'post', answer));
      expect(documented).toContain(`"${String(answer.body['code'])}"`);
    }
  });

  it('says of every action what a caller does with it', () => {
    const { enum: types = [], description = '' } =
      schemaNamed('ActionView').properties?.['type'] ?? {};
    expect(types).toEqual(['qr', 'redirect', 'app', 'mini_program', 'wait', 'link']);
    for (const type of types) expect(description).toContain(`\`${String(type)}\`: `);
  });

  it('has an idempotency key on every request that changes something, but for those of guests', () => {
    const posts = Object.entries(document.paths).flatMap(([path, { post }]) =>
      post === undefined ? [] : [{ path, text: JSON.stringify(post) }],
    );
    const without = posts.filter(({ text }) => !text.includes('"Idempotency-Key"'));
    expect(without.map(({ path }) => path)).toEqual(['/pay/{token}/attempts']);
    const repeatable = posts.filter((post) => !without.includes(post));
    for (const code of Object.keys({ ...repeatRefusals, ...headerRefusals })) {
      expect(repeatable.filter(({ text }) => !text.includes(`"${code}"`))).toEqual([]);
    }
  });

  it('lists every refusal there is', () => {
    const text = JSON.stringify(document);
    const all = { ...bodyRefusals, ...choiceRefusals, ...headerRefusals, ...repeatRefusals };
    const own = { ...closeRefusals, ...refundRefusals, ...retryRefusals };
    const webhooks = {
      ...{ ...registerRefusals, ...replayRefusals },
      ...{ ...revealRefusals, ...rotateRefusals },
    };
    for (const code of Object.keys({
      ...all,
      ...own,
      ...webhooks,
      ...requestRefusals,
      ...unknownPayment,
    })) {
      expect(text).toContain(`"${code}"`);
    }
  });
});
