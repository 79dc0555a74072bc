import { expect, it } from '@jest/globals';
import { Secret } from '@hutong/config';
import { connectionOf } from './pool.js';

const to = (url: string) =>
  connectionOf({ url: new URL(url), password: Secret.of('p&ss w%rd'), poolSize: 2 });

it('connects as the address says, with the password from beside it', () => {
  expect(to('postgresql://some%20one@db.internal:6432/check%2Fout')).toMatchObject({
    host: 'db.internal',
    port: 6432,
    user: 'some one',
    database: 'check/out',
    password: 'p&ss w%rd',
  });
  expect(to('postgresql://checkout@db/checkout')).toMatchObject({ port: 5432 });
});

it.each([
  ['', false],
  ['?sslmode=disable', false],
  ['?sslmode=require', true],
  ['?sslmode=verify-full', true],
])('encrypts with "%s": %s', (mode, ssl) => {
  expect(to(`postgresql://checkout@db/checkout${mode}`).ssl).toBe(ssl);
});
