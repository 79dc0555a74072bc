import { format, inspect } from 'node:util';
import { expect, it } from '@jest/globals';
import { Secret } from './secret.js';

const TEXT = 'correct horse battery staple';
const secret = Secret.of(TEXT);

it('gives its text to who asks for it by name', () => {
  expect(secret.reveal()).toBe(TEXT);
});

it.each<[string, () => string]>([
  ['as text', () => String(secret)],
  ['in a template', () => `${secret.toString()}`],
  ['joined', () => ['password', secret].join('=')],
  ['in an error', () => new Error('bad password', { cause: secret }).cause?.toString() ?? ''],
  ['as JSON', () => JSON.stringify(secret)],
  ['as JSON inside of a configuration', () => JSON.stringify({ database: { password: secret } })],
  ['as JSON inside of a list', () => JSON.stringify([secret])],
  ['inspected', () => inspect(secret)],
  ['inspected with everything hidden', () => inspect({ secret }, { showHidden: true, depth: 9 })],
  ['formatted as text', () => format('%s', secret)],
  ['formatted as an object', () => format('%o %O', { secret }, secret)],
  ['formatted as JSON', () => format('%j', { secret })],
])('prints as [secret] %s', (_, print) => {
  expect(print()).toContain('[secret]');
  expect(print()).not.toContain('horse');
});

it('has no property that a copy or a loop would take along', () => {
  expect(Object.getOwnPropertyNames(secret)).toEqual([]);
  expect({ ...secret }).toEqual({});
  expect(inspect(structuredClone(secret), { showHidden: true })).not.toContain('horse');
});
