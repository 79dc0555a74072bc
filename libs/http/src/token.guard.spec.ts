import { createHash } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { AccessTokens, type AccessToken } from './access-tokens.js';
import { aLog, startApp, type App } from './app.examples.js';
import { Caller, RequireScope, TokenGuard } from './token.guard.js';

@Controller()
@UseGuards(TokenGuard)
class BooksController {
  @Get('balance')
  @RequireScope('ledger:read')
  balance(@Caller() { name }: AccessToken): object {
    return { name };
  }

  @Get('rebuild')
  @RequireScope('ledger:write')
  rebuild(): object {
    return {};
  }

  @Get('forgotten')
  forgotten(): object {
    return {};
  }
}

@Controller('whole')
@UseGuards(TokenGuard)
@RequireScope('ledger:write')
class WholeController {
  @Get()
  whole(): object {
    return {};
  }

  @Get('part')
  @RequireScope('ledger:read')
  part(): object {
    return {};
  }
}

@Controller('open')
class OpenController {
  @Get()
  open(@Caller() caller: AccessToken): object {
    return caller;
  }
}

const READER = 'reader-token-0123456789abcdef';
const WRITER = 'writer-token-0123456789abcdef';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const reader = { name: 'reader', scopes: ['ledger:read'], sha256: sha256(READER) };
const writer = { name: 'writer', scopes: ['ledger:write'], sha256: sha256(WRITER) };

const folder = mkdtempSync(join(tmpdir(), 'hutong-tokens-spec-'));
const path = join(folder, 'tokens.json');
/** As an editor or a mounted volume does it: the new file takes the place of the old. */
function put(content: unknown): void {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

const opened = new AsyncDisposableStack();
const { logger, lines } = aLog();
let app: App;

beforeAll(async () => {
  opened.defer(() => rmSync(folder, { recursive: true }));
  put([reader, writer]);
  const tokens = { provide: AccessTokens, useValue: await AccessTokens.open(path, logger) };
  app = opened.use(
    await startApp([BooksController, WholeController, OpenController], { providers: [tokens] }),
  );
});
beforeEach(() => {
  put([reader, writer]);
  lines();
});
afterAll(() => opened.disposeAsync());

const get = (at: string, authorization?: string) =>
  app.answer(at, authorization === undefined ? {} : { headers: { authorization } });

describe('a token', () => {
  it.each<{ at: string; token: string; status: number }>`
    at               | token     | status
    ${'/balance'}    | ${READER} | ${200}
    ${'/balance'}    | ${WRITER} | ${403}
    ${'/rebuild'}    | ${READER} | ${403}
    ${'/rebuild'}    | ${WRITER} | ${200}
    ${'/whole'}      | ${READER} | ${403}
    ${'/whole'}      | ${WRITER} | ${200}
    ${'/whole/part'} | ${READER} | ${200}
    ${'/whole/part'} | ${WRITER} | ${403}
    ${'/forgotten'}  | ${READER} | ${403}
    ${'/forgotten'}  | ${WRITER} | ${403}
  `('does what its scopes say: $token at $at, $status', async ({ at, token, status }) => {
    const answer = await get(at, `Bearer ${token}`);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body).toMatchObject({ code: 'scope_missing' });
  });

  it.each<[string, string | undefined]>([
    ['missing', undefined],
    ['empty', ''],
    ['empty behind its scheme', 'Bearer '],
    ['of another scheme', `Basic ${READER}`],
    ['without a scheme', READER],
    ['unknown', `Bearer ${READER.replace('r', 'x')}`],
    ['cut off', `Bearer ${READER.slice(0, -1)}`],
    ['too long', `Bearer ${READER}x`],
    ['its own hash', `Bearer ${sha256(READER)}`],
    ['two', `Bearer ${READER}, Bearer ${WRITER}`],
    ['endless', `Bearer ${'x'.repeat(8_000)}`],
  ])('that is %s opens nothing', async (_, authorization) => {
    const answer = await get('/balance', authorization);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.body).toMatchObject({ code: 'unauthenticated' });
    expect(answer.text).not.toContain(READER);
  });

  it('tells a route who calls, and there is nobody where nobody was asked', async () => {
    const headers = { authorization: `Bearer ${READER}`, 'x-caller': 'writer' };
    expect((await app.answer('/balance', { headers })).body).toEqual({ name: 'reader' });
    expect((await app.answer('/open', { headers })).status).toBe(500);
  });

  it('is in no log', async () => {
    app.lines();
    await get('/balance', `Bearer ${READER}`);
    await get(`/nowhere?token=${READER}`, `Bearer ${WRITER}`);
    expect(JSON.stringify([app.lines(), lines()])).not.toMatch(/-token-/);
  });
});

describe('the file of tokens', () => {
  it('is read again when it is replaced: a token is added, another is gone', async () => {
    put([{ ...writer, scopes: ['ledger:read'] }]);
    expect((await get('/balance', `Bearer ${READER}`)).status).toBe(401);
    expect((await get('/balance', `Bearer ${WRITER}`)).status).toBe(200);
  });

  it.each<[string, () => void]>([
    ['no JSON', () => put('[{"name": "rea')],
    ['no list', () => put({ reader })],
    ['a token without a scope', () => put([{ ...reader, scopes: [] }])],
    ['a token with half a hash', () => put([{ ...reader, sha256: 'abc' }])],
    ['a token itself', () => put([{ name: 'reader', scopes: ['ledger:read'], token: READER }])],
    ['nothing', () => rmSync(path)],
  ])('changes nothing with %s in its place, and is complained of once', async (_, spoil) => {
    await get('/balance', `Bearer ${READER}`);
    lines();
    spoil();
    for (let i = 0; i < 3; i += 1) {
      expect((await get('/balance', `Bearer ${READER}`)).status).toBe(200);
    }
    const complaints = lines();
    expect(complaints).toMatchObject([{ level: 'error', event: 'tokens cannot be read again' }]);
    expect(JSON.stringify(complaints)).not.toContain(READER);
    put([reader, writer]);
    expect((await get('/balance', `Bearer ${READER}`)).status).toBe(200);
  });

  it.each<[string, unknown, string]>([
    ['is no JSON', 'hello', 'is not a JSON list'],
    ['has something else among its entries', [reader, 'x'], 'entry 1 has a bad entry'],
    [
      'has a bad entry',
      [{ ...reader, name: 'R', scopes: ['all'] }],
      'entry 0 has a bad name, scopes',
    ],
  ])('does not let a service start if it %s', async (_, content, why) => {
    put(content);
    await expect(AccessTokens.open(path, logger)).rejects.toThrow(`tokens file ${path}`);
    await expect(AccessTokens.open(path, logger)).rejects.toThrow(why);
  });
});
