import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, HttpCode, Post, Req, type RawBodyRequest } from '@nestjs/common';
import type { Request } from 'express';
import { startApp, type App } from './app.examples.js';

@Controller('bytes')
class BytesController {
  @Post()
  @HttpCode(200)
  receive(@Req() { rawBody }: RawBodyRequest<Request>): string {
    return (rawBody ?? Buffer.alloc(0)).toString('hex');
  }
}

describe('bodies that are bytes', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp([BytesController], { bodies: 'bytes' });
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded; charset=utf-8', 'a=%41&b=1+1'],
    ['a form in another encoding', 'application/x-www-form-urlencoded; charset=GBK', 'a=%C1%FA'],
    ['JSON', 'application/json', '{"a":1}'],
    ['what nobody can name', 'x/y', '\u0000'],
  ])('are taken as they are, whatever they say they are: %s', async (_, type, body) => {
    const headers = { 'content-type': type };
    const { status, text } = await app.answer('/bytes', { method: 'POST', headers, body });
    expect([status, text]).toEqual([200, Buffer.from(body).toString('hex')]);
  });
});
