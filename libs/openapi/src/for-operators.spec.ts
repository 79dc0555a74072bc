import { describe, expect, it } from '@jest/globals';
import { AccessTokens } from '@hutong/http';
import { Controller, Get, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ForOperators } from './for-operators.js';
import { describedApp, documentOf } from './interface-document.js';

const refusals = {
  order_unknown: { status: 404, title: 'There is no such order' },
  order_gone: { status: 404, title: 'The order was forgotten' },
  scope_missing: { status: 403, title: 'Not with this token' },
};

@Controller()
class SpecController {
  @Get('orders')
  @ForOperators('spec:read', refusals)
  orders(): object {
    return {};
  }
}

@Module({ controllers: [SpecController] })
class SpecModule {
  static with(providers: readonly Provider[]): DynamicModule {
    return { module: SpecModule, providers: [...providers] };
  }
}

const described = async () => {
  const app = await describedApp((providers) => SpecModule.with(providers), [AccessTokens]);
  const server = new URL('https://pay.example/');
  return documentOf(app, { title: 'Spec', description: 'Orders.', server });
};

describe('the document of a service', () => {
  it('says what it is, where, and who may call', async () => {
    const { info, servers, paths } = await described();
    expect(info).toMatchObject({ title: 'Spec', description: 'Orders.', version: '1' });
    expect(servers).toEqual([{ url: 'https://pay.example/' }]);
    expect(paths['/orders']?.get).toMatchObject({
      operationId: 'orders',
      security: [{ bearer: [] }],
    });
  });

  it('has one response per status, which lists its codes; the last word on a code counts', async () => {
    const { paths, components } = await described();
    const responses = paths['/orders']?.get?.responses ?? {};
    expect(Object.keys(responses)).toEqual(['400', '401', '403', '404', '500', '503']);
    expect(responses['403']).toMatchObject({
      description: '`scope_missing`: Not with this token.',
    });
    expect(responses['404']).toEqual({
      description:
        '`order_unknown`: There is no such order.\n\n`order_gone`: The order was forgotten.',
      content: {
        'application/problem+json': {
          schema: {
            allOf: [{ $ref: '#/components/schemas/ProblemView' }],
            properties: { code: { type: 'string', enum: ['order_unknown', 'order_gone'] } },
          },
        },
      },
    });
    expect(components?.schemas?.['ProblemView']).toMatchObject({
      required: ['type', 'title', 'status', 'code'],
    });
  });
});
