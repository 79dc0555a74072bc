import { expect, it } from '@jest/globals';
import { sqlStateOf } from './sql-state.js';

it.each<[string, unknown, string | undefined]>([
  ['of the driver', { code: '23505' }, '23505'],
  ['of a function that raised', { code: 'P0001' }, 'P0001'],
  ['behind a wrapper', new Error('load', { cause: { code: '40001' } }), '40001'],
  [
    'inside of Prisma',
    { code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '57014' } } } },
    '57014',
  ],
  ['not: a code of Prisma', { code: 'P2002' }, undefined],
  ['not: a code of Node', { code: 'EPIPE' }, undefined],
  ['not: a text', '23505', undefined],
  ['not: nothing', undefined, undefined],
])('finds the state %s', (_, fault, state) => {
  expect(sqlStateOf(fault)).toBe(state);
});
