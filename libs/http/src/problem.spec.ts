import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Body,
  Controller,
  ForbiddenException,
  Get,
  HttpException,
  InternalServerErrorException,
  NotFoundException,
  Param,
  Post,
  Put,
  Req,
  Res,
  type RawBodyRequest,
} from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { Request, Response } from 'express';
import { exchange } from '@hutong/testing';
import { objectIn, startApp, type Answer, type App } from './app.examples.js';
import { problem } from './problem.js';

const CANARY = 'canary-4711';

/** Of what a service stands on. */
class Away extends Error {}

class AmountBody {
  @IsString() currency!: string;
  @IsInt() total!: number;
}
class OrderBody {
  @IsString() reference!: string;
  @IsObject() @ValidateNested() @Type(() => AmountBody) amount!: AmountBody;
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => AmountBody)
  more?: AmountBody[];
}

const faults: Readonly<Record<string, () => unknown>> = {
  error: () => new Error(CANARY, { cause: new Error(CANARY) }),
  text: () => CANARY,
  nothing: () => undefined,
  nest: () => new InternalServerErrorException(CANARY),
  teapot: () => new HttpException(CANARY, 418),
  late: () => Object.assign(new Error(CANARY), { status: 503 }),
  lookalike: () => Object.assign(new Error(CANARY), { status: 404 }),
  forbidden: () => new ForbiddenException(CANARY),
  gone: () => new NotFoundException(CANARY),
  away: () => new Away(CANARY),
};

@Controller()
class SpecController {
  @Post('orders')
  order(@Body() body: OrderBody, @Req() request: RawBodyRequest<Request>): object {
    return { body, isBody: body instanceof OrderBody, raw: request.rawBody?.toString() };
  }

  @Get('orders/:id')
  see(@Param('id') id: string): object {
    return { id };
  }

  @Put('orders/:id')
  put(): object {
    return {};
  }

  @Get('refused')
  refused(): never {
    throw problem({ status: 409, code: 'not_paid', title: 'It is not paid', left: '7' });
  }

  @Get('faults/:kind')
  fault(@Param('kind') kind: string): never {
    throw faults[kind]?.();
  }

  @Post('faults/:kind')
  faultOfWork(@Param('kind') kind: string): never {
    throw faults[kind]?.();
  }

  @Get('half')
  half(@Res() response: Response): never {
    response.status(200).write('{"paid":');
    throw new Error(CANARY);
  }
}

const opened = new AsyncDisposableStack();
let app: App;
beforeAll(async () => {
  app = opened.use(
    await startApp([SpecController], { isAway: (thrown) => thrown instanceof Away }),
  );
});
afterAll(() => opened.disposeAsync());

const post = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  app.answer('/orders', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
const order = { reference: 'o-1', amount: { currency: 'CNY', total: 1 } };

/** As RFC 9457 has it, with our code and nothing that may not be seen again. */
function expectProblem({ headers, body, text }: Answer, status: number, code: string): void {
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({
    type: `urn:hutong:problem:${code}`,
    title: expect.stringMatching(/./),
    status,
    code,
    instance: expect.stringMatching(/^urn:hutong:trace:[0-9a-f]{32}$/),
  });
  expect(text).not.toContain(CANARY);
}

describe('a problem', () => {
  it('says what its code says, and what is particular to it', async () => {
    const answer = await app.answer('/refused');
    expect(answer.status).toBe(409);
    expectProblem(answer, 409, 'not_paid');
    expect(answer.body).toMatchObject({ title: 'It is not paid', left: '7' });
  });

  it("names the caller's trace, by which its log lines are found", async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    app.lines();
    const { body } = await app.answer('/faults/error', {
      headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    });
    expect(body['instance']).toBe(`urn:hutong:trace:${trace}`);
    expect(app.lines()).toContainEqual(
      expect.objectContaining({ event: 'request failed', traceId: trace }),
    );
  });

  it.each<{ path: string; init: RequestInit; status: number; code: string }>`
    path                   | init                    | status | code
    ${'/nowhere'}          | ${{}}                   | ${404} | ${'not_found'}
    ${'/orders/1/more'}    | ${{}}                   | ${404} | ${'not_found'}
    ${'/orders'}           | ${{ method: 'GET' }}    | ${405} | ${'method_not_allowed'}
    ${'/orders/1'}         | ${{ method: 'DELETE' }} | ${405} | ${'method_not_allowed'}
    ${'/orders/%E0%A4%A'}  | ${{}}                   | ${400} | ${'malformed_request'}
    ${'/faults/teapot'}    | ${{}}                   | ${418} | ${'refused'}
    ${'/faults/forbidden'} | ${{}}                   | ${403} | ${'forbidden'}
    ${'/faults/gone'}      | ${{}}                   | ${404} | ${'not_found'}
  `('is answered at $path: $status $code', async ({ path, init, status, code }) => {
    const answer = await app.answer(path, init);
    expect(answer.status).toBe(status);
    expectProblem(answer, status, code);
  });

  it('of a wrong method says which would be right', async () => {
    const { headers } = await app.answer('/orders/1', { method: 'DELETE' });
    expect(headers.get('allow')).toBe('GET, HEAD, PUT');
  });
});

describe('a fault', () => {
  it.each(['error', 'text', 'nothing', 'nest', 'late', 'lookalike'])(
    'of the kind "%s" answers 5xx and tells the log, not the caller',
    async (kind) => {
      app.lines();
      const answer = await app.answer(`/faults/${kind}`);
      expect(answer.status).toBe(500);
      expectProblem(answer, 500, 'internal_error');
      expect(Object.keys(answer.body).toSorted()).toEqual([
        ...['code', 'instance', 'status', 'title', 'type'],
      ]);
      const lines = app.lines();
      expect(lines).toContainEqual(
        expect.objectContaining({ level: 'error', event: 'request failed' }),
      );
      expect(JSON.stringify(lines)).not.toContain(CANARY);
    },
  );

  it('of what the service stands on answers 503 and when to ask again', async () => {
    app.lines();
    const answer = await app.answer('/faults/away');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expectProblem(answer, 503, 'unavailable');
    expect(answer.body).not.toHaveProperty('detail');
    expect(app.lines()).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'request failed', code: 'unavailable' }),
    );
  });

  it('of what it stands on never says that nothing was done', async () => {
    const answer = await app.answer('/faults/away', { method: 'POST' });
    expectProblem(answer, 503, 'unavailable');
    expect(answer.body['detail']).toMatch(/^It may be done all the same: /);
  });

  it('in the middle of an answer ends it so that it is not taken for a whole one', async () => {
    await expect(app.answer('/half')).rejects.toThrow();
  });
});

describe('a body', () => {
  it('arrives as its class, with its bytes beside it', async () => {
    const text = JSON.stringify(order, null, 2);
    const answer = await post(text);
    expect(answer).toMatchObject({ status: 201, body: { body: order, isBody: true, raw: text } });
  });

  it.each<[string, object, string]>([
    ['a field that is missing', { reference: 'o-1' }, 'amount'],
    ['another type', { ...order, reference: 1 }, 'reference'],
    ['a number as text', { ...order, amount: { currency: 'CNY', total: '1' } }, 'amount.total'],
    ['a field too many', { ...order, [CANARY.replace('-', '_')]: 1 }, 'canary_4711'],
    ['a field too many below', { ...order, amount: { ...order.amount, x: 1 } }, 'amount.x'],
    ['nothing below', { ...order, amount: null }, 'amount'],
    ['a list below', { ...order, amount: [] }, 'amount'],
    ['text below', { ...order, amount: CANARY }, 'amount'],
    ['a bad one in a list', { ...order, more: [order.amount, { total: 1 }] }, 'more.1.currency'],
    ['nothing in a list', { ...order, more: [null] }, 'more.0'],
  ])('with %s is refused by the path of its field', async (_, body, path) => {
    const answer = await post(JSON.stringify(body));
    expect(answer.status).toBe(400);
    expectProblem(answer, 400, 'invalid_request');
    expect(answer.body['errors']).toEqual([
      { path, rules: expect.arrayContaining([expect.any(String)]) },
    ]);
  });

  it('is refused without the names that are no names, and without a thousand of them', async () => {
    const many = Array.from({ length: 1_000 }, (_, i): [string, number] => [`f${i}`, i]);
    const { body } = await post(JSON.stringify({ ...order, ...Object.fromEntries(many) }));
    expect(body['errors']).toHaveLength(32);
    const answer = await post(JSON.stringify({ ...order, '6222021234567890123': 1, 'a@b': 1 }));
    const rules = ['whitelistValidation'];
    expect(answer.body['errors']).toEqual([
      { path: '?', rules },
      { path: '?', rules },
    ]);
  });

  it('is refused by every field that is wrong', async () => {
    const { body } = await post(
      JSON.stringify({ reference: 1, amount: { currency: 1, total: '' } }),
    );
    const errors = body['errors'];
    expect(Array.isArray(errors) && errors.map((e: { path: string }) => e.path)).toEqual([
      ...['reference', 'amount.currency', 'amount.total'],
    ]);
  });

  it.each<[string, string]>([
    ['a list', '[]'],
    ['a list of orders', JSON.stringify([order])],
  ])('that is %s is refused as a whole', async (_, text) => {
    const answer = await post(text);
    expect(answer.status).toBe(400);
    expectProblem(answer, 400, 'invalid_request');
    expect(answer.body['errors']).toEqual([{ path: '', rules: ['isObject'] }]);
  });

  it('that has no bottom is refused as a whole, before anything walks down into it', async () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const deepest = JSON.stringify({ ...order, note: JSON.parse(nested(31)) as unknown });
    expect((await post(deepest)).body['errors']).toEqual([
      { path: 'note', rules: ['whitelistValidation'] },
    ]);
    for (const levels of [32, 30_000]) {
      const answer = await post(`{"amount":${nested(levels)}}`);
      expectProblem(answer, 400, 'invalid_request');
      expect(answer.body['errors']).toEqual([{ path: '', rules: ['isShallow'] }]);
    }
  });

  it.each<[string, string]>([
    ['half an object', '{"reference":'],
    ['text', `"${CANARY}"`],
    ['nothing', 'null'],
    ['words', CANARY],
    ['a number', '1'],
  ])('of %s is malformed', async (_, text) => {
    const answer = await post(text);
    expect(answer.status).toBe(400);
    expectProblem(answer, 400, 'malformed_request');
  });

  it.each([
    ['text', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['XML', 'application/xml'],
    ['another JSON', 'application/merge-patch+json'],
    ['JSON in another writing', 'application/json; charset=utf-7'],
    ['JSON in two writings', 'application/json; charset=utf-8; charset=utf-7'],
    ['JSON that quotes a writing', 'application/json; a="; charset=utf-8"; charset=utf-7'],
    ['JSON with a parameter of nobody', 'application/json; version=1'],
    ['what nobody says', ''],
  ])('of %s is of no type that is taken', async (_, type) => {
    const answer = await post(JSON.stringify(order), { 'content-type': type });
    expect(answer.status).toBe(415);
    expectProblem(answer, 415, 'unsupported_media_type');
  });

  it.each([
    ...['application/json; charset=utf-8', 'Application/JSON;charset=UTF-8'],
    'application/json \t; charset="utf-8"',
  ])('is taken with the usual parameter of its type: %s', async (type) => {
    const answer = await post(JSON.stringify(order), { 'content-type': type });
    expect(answer.status).toBe(201);
  });

  it('is as large as the limit, and no larger, also where its length is not said', async () => {
    const filled = (bytes: number) => {
      const [start, end] = ['{"reference":"', '","amount":{"currency":"CNY","total":1}}'];
      return `${start}${'x'.repeat(bytes - start.length - end.length)}${end}`;
    };
    expect((await post(filled(65_536))).status).toBe(201);
    const answer = await post(filled(65_537));
    expect(answer.status).toBe(413);
    expectProblem(answer, 413, 'body_too_large');
    const head = 'POST /orders HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
    const chunked = `${head}connection: close\r\ntransfer-encoding: chunked\r\n\r\n`;
    const back = await exchange(
      app.port,
      `${chunked}${(65_537).toString(16)}\r\n${filled(65_537)}\r\n0\r\n\r\n`,
    );
    expect(back).toMatch(/^HTTP\/1\.1 413 /);
  });

  it.each<[string, number[] | string, string, string]>([
    ['a name that stands twice', '{"reference":"a","reference":"b"}', 'reference', 'isUnique'],
    ['a name that all objects have', '{"__proto__":{}}', '__proto__', 'whitelistValidation'],
    ['a NUL', '{"reference":"a\\u0000"}', 'reference', 'isText'],
    ['bytes that are no UTF-8', [0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d], '', ''],
  ])('with %s is refused, whatever else is wrong with it', async (_, sent, path, rule) => {
    const answer = await post(new Uint8Array(Buffer.from(sent)));
    expect(answer.status).toBe(400);
    expectProblem(answer, 400, rule === '' ? 'malformed_request' : 'invalid_request');
    expect(answer.body['errors']).toEqual(rule === '' ? undefined : [{ path, rules: [rule] }]);
  });

  it('that is nothing lacks everything', async () => {
    for (const answer of [await post(''), await app.answer('/orders', { method: 'POST' })]) {
      expect(answer.status).toBe(400);
      expectProblem(answer, 400, 'invalid_request');
    }
  });

  it('is not unpacked: what would grow is refused, and signatures are over what was sent', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(1_000_000, ' ')));
    const answer = await post(bomb, { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(415);
    expectProblem(answer, 415, 'unsupported_media_type');
  });
});

const HELLO = 'host: x\r\nconnection: close\r\n';

describe('what is no request', () => {
  it.each<[what: string, bytes: string, status: number, code: string]>([
    ['noise', 'hello\r\n\r\n', 400, 'malformed_request'],
    ['a greeting in TLS', '\x16\x03\x01\x02\x00\x01\x00\x01', 400, 'malformed_request'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'malformed_request'],
    ['a method of no standard', `FOO /orders HTTP/1.1\r\n${HELLO}\r\n`, 400, 'malformed_request'],
    ['a method in small letters', `get /orders HTTP/1.1\r\n${HELLO}\r\n`, 400, 'malformed_request'],
    ['a tunnel', `CONNECT x:1 HTTP/1.1\r\n${HELLO}\r\n`, 405, 'method_not_allowed'],
    ['a trace', `TRACE /orders HTTP/1.1\r\n${HELLO}\r\n`, 405, 'method_not_allowed'],
    [
      'a question for options',
      `OPTIONS /orders HTTP/1.1\r\n${HELLO}\r\n`,
      405,
      'method_not_allowed',
    ],
    ['no host', 'GET /orders/1 HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'malformed_request'],
    ['two hosts', `GET /orders/1 HTTP/1.1\r\n${HELLO}host: y\r\n\r\n`, 400, 'malformed_request'],
    [
      'two callers',
      `GET /orders/1 HTTP/1.1\r\n${HELLO}authorization: a\r\nAuthorization: b\r\n\r\n`,
      ...([400, 'malformed_request'] as const),
    ],
    [
      'a strange wish',
      `GET /orders/1 HTTP/1.1\r\n${HELLO}expect: x\r\n\r\n`,
      417,
      'expectation_failed',
    ],
    [
      'too long a header',
      `GET / HTTP/1.1\r\n${HELLO}a: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    [
      'too long a line',
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${HELLO}\r\n`,
      431,
      'headers_too_large',
    ],
    [
      'two lengths',
      `POST /orders HTTP/1.1\r\n${HELLO}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n`,
      400,
      'malformed_request',
    ],
    [
      'a length below nothing',
      `POST /orders HTTP/1.1\r\n${HELLO}content-length: -1\r\n\r\n`,
      400,
      'malformed_request',
    ],
    [
      'a header over two lines',
      `GET / HTTP/1.1\r\n${HELLO}a: b\r\n c\r\n\r\n`,
      400,
      'malformed_request',
    ],
  ])('is answered as a problem too: %s', async (_, bytes, status, code) => {
    const back = await exchange(app.port, bytes);
    const [head = '', text = ''] = back.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(objectIn(text)).toMatchObject({ status, code, type: `urn:hutong:problem:${code}` });
  });
});
