/** One file as it must not, or may, be written: where it lies, what it says, what lint answers. */
export type LintCase = readonly [what: string, file: string, code: string, answer: RegExp];

const PURE = 'apps/checkout/src/payment/payment.ts';
const WIRE = 'apps/checkout/src/request-payment/request-payment.wire.ts';
const CLOCK = /reads no clock/;
const RANDOM = /has no randomness/;
const EFFECT = /no clock, environment, randomness or I\/O/;
const PACKAGE = /imports no package and no node: module/;
const ZONE = /time zone/;
const TAGS = /can only depend on/;
const APPS = /Apps share events/;
const NPM = /is not allowed to import|not allowed to import the/;

/** Who may import whom. */
const boundaries: readonly LintCase[] = [
  [
    'a pure lib takes a contract',
    'libs/money/src/x.ts',
    "import { keyOf } from '@hutong/domain-events';\nexport const k = keyOf;",
    /Circular dependency|can only depend on/,
  ],
  [
    'a pure lib takes npm',
    'libs/result/src/x.ts',
    "import { of } from 'rxjs';\nexport const o = of;",
    PACKAGE,
  ],
  [
    'a pure lib takes a shell',
    'libs/money/src/index.ts',
    "import { systemClock } from '@hutong/config';\nexport const c = systemClock;",
    TAGS,
  ],
  [
    'a contract takes a shell',
    'libs/domain-events/src/x.ts',
    "import type { Clock } from '@hutong/config';\nexport type C = Clock;",
    TAGS,
  ],
  [
    'a contract takes Nest',
    'libs/domain-events/src/index.ts',
    "import { Module } from '@nestjs/common';\nexport const m = Module;",
    NPM,
  ],
  [
    'a shell takes what is not its concern',
    'libs/config/src/x.ts',
    "import { Pool } from 'pg';\nexport const p = Pool;",
    NPM,
  ],
  [
    'a shell takes an app',
    'libs/http/src/x.ts',
    "import { x } from '@hutong/checkout';\nexport const y = x;",
    APPS,
  ],
  [
    'a shell takes the fixtures',
    'libs/http/src/x.ts',
    "import { FixedClock } from '@hutong/testing';\nexport const f = FixedClock;",
    TAGS,
  ],
  [
    'an app takes the fixtures',
    'apps/ledger/src/main.ts',
    "import { FixedClock } from '@hutong/testing';\nexport const f = FixedClock;",
    TAGS,
  ],
  [
    'an app takes another app',
    'apps/ledger/src/main.ts',
    "import { x } from '@hutong/checkout';\nexport const y = x;",
    APPS,
  ],
  [
    'an app takes npm that is not for it',
    'apps/ledger/src/main.ts',
    "import pg from 'pg';\nexport const p = pg;",
    NPM,
  ],
  [
    'an app reaches into another by path',
    'apps/ledger/src/main.ts',
    "import { x } from '../../checkout/src/main.js';\nexport const y = x;",
    /relative/,
  ],
  [
    'kafkajs outside of messaging',
    'apps/routing/src/main.ts',
    "import { Kafka } from 'kafkajs';\nexport const k = Kafka;",
    /Only libs\/messaging/,
  ],
  [
    'kafkajs in a spec',
    'apps/routing/src/x.spec.ts',
    "import { Kafka } from 'kafkajs';\nexport const k = Kafka;",
    /Only libs\/messaging/,
  ],
  [
    'kafkajs in a tool',
    'tools/src/x.ts',
    "import { Kafka } from 'kafkajs';\nexport const k = Kafka;",
    /Only libs\/messaging/,
  ],
  [
    'a deep import',
    'apps/routing/src/main.ts',
    "import { x } from '@hutong/money/src/money.js';\nexport const y = x;",
    /through its index/,
  ],
  [
    'the conformance suite in a gateway itself',
    'apps/wechat-gateway/src/wechat.module.ts',
    "import { describeGateway } from '@hutong/gateway/conformance';\nexport const d = describeGateway;",
    /through its index/,
  ],
  [
    'a deep import in a gateway’s spec',
    'apps/wechat-gateway/src/wechat.mapping.spec.ts',
    "import { x } from '@hutong/gateway/src/pace.js';\nexport const y = x;",
    /through its index/,
  ],
  [
    'Prisma outside of a repository',
    'apps/checkout/src/x/x.controller.ts',
    "import { PrismaClient } from '../generated/prisma/client.js';\nexport const p = PrismaClient;",
    /Only repositories/,
  ],
  [
    'the environment outside of main',
    'apps/checkout/src/x/x.config.ts',
    'export const p = process.env.PORT;',
    /Only main\.ts/,
  ],
];

/** Each way around the rules for pure files that is known. */
const evasions: readonly LintCase[] = [
  [
    'a framework',
    PURE,
    "import { Injectable } from '@nestjs/common';\nexport const i = Injectable;",
    PACKAGE,
  ],
  [
    'a framework by type',
    PURE,
    "import type { Type } from '@nestjs/common';\nexport type T = Type;",
    PACKAGE,
  ],
  [
    'a validator',
    PURE,
    "import { IsInt } from 'class-validator';\nexport const i = IsInt;",
    PACKAGE,
  ],
  [
    'a node module',
    PURE,
    "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;",
    PACKAGE,
  ],
  [
    'a bare node module',
    PURE,
    "import { readFileSync } from 'fs';\nexport const r = readFileSync;",
    PACKAGE,
  ],
  ['a re-export', PURE, "export { readFileSync } from 'node:fs';", PACKAGE],
  ['a re-export of everything', PURE, "export * from 'node:fs';", PACKAGE],
  ['an import for its effect', PURE, "import 'node:fs';", PACKAGE],
  [
    'process by import',
    PURE,
    "import process from 'node:process';\nexport const e = process.env;",
    PACKAGE,
  ],
  [
    'crypto by import',
    PURE,
    "import { randomUUID } from 'node:crypto';\nexport const r = randomUUID;",
    PACKAGE,
  ],
  [
    'a timer by import',
    PURE,
    "import { setTimeout as later } from 'node:timers/promises';\nexport const l = later;",
    PACKAGE,
  ],
  [
    'an import assignment',
    PURE,
    "import fs = require('node:fs');\nexport const r = fs.readFileSync;",
    PACKAGE,
  ],
  ['an import at run time', PURE, "export const fs = await import('node:fs');", /at run time/],
  [
    'an import of a variable',
    PURE,
    'export const load = (name: string) => import(name);',
    /at run time/,
  ],
  ['import.meta', PURE, 'export const here = import.meta.url;', /at run time/],
  ['require', PURE, "export const fs: unknown = require('node:fs');", EFFECT],
  [
    'a function of a shell lib',
    PURE,
    "import { systemClock } from '@hutong/config';\nexport const c = systemClock;",
    /types from a shell lib/,
  ],
  [
    'a function of a shell file',
    PURE,
    "import { Payments } from '../store/payment.repository.js';\nexport const p = Payments;",
    /types from a shell file/,
  ],
  [
    'a row type',
    PURE,
    "import type { Payment } from '../generated/prisma/client.js';\nexport type P = Payment;",
    /Only repositories/,
  ],
  ['new Date()', PURE, 'export const now = () => new Date();', CLOCK],
  ['new Date without parentheses', PURE, 'export const now = () => new Date;', CLOCK],
  ['new Date of a spread', PURE, 'export const now = () => new Date(...([] as []));', CLOCK],
  ['Date as a function', PURE, 'export const now = () => Date();', CLOCK],
  ['Date.now', PURE, 'export const now = () => Date.now();', CLOCK],
  ['Date[now]', PURE, "export const now = () => Date['now']();", CLOCK],
  ['Date.now taken off', PURE, 'export const now = Date.now;', CLOCK],
  ['now taken apart', PURE, 'export const { now } = Date;', CLOCK],
  ['Date under another name', PURE, 'const D = Date;\nexport const now = () => new D();', CLOCK],
  ['Date in an object', PURE, 'export const clocks = { Date };', CLOCK],
  ['Date as a default', PURE, 'export const now = (D = Date) => new D();', CLOCK],
  [
    'Date by Reflect',
    PURE,
    'export const now = (): unknown => Reflect.construct(Date, []);',
    CLOCK,
  ],
  ['a class that is a Date', PURE, 'export class Moment extends Date {}', CLOCK],
  ['Date by its prototype', PURE, 'export const D = Date.prototype;', CLOCK],
  ['Date by an instance', PURE, 'export const D = new Date(0).constructor;', /gets around/],
  [
    'Date by a computed name',
    PURE,
    "export const D: unknown = new Date(0)['constructor'];",
    /gets around/,
  ],
  ['a format of now', PURE, 'export const today = () => Intl.DateTimeFormat().format();', CLOCK],
  ['local hours', PURE, 'export const hour = (at: Date) => at.getHours();', ZONE],
  ['a local date', PURE, 'export const day = () => new Date(2026, 0, 1);', ZONE],
  ['a local format', PURE, 'export const text = (at: Date) => at.toLocaleDateString();', ZONE],
  ['Math.random', PURE, 'export const r = () => Math.random();', RANDOM],
  ['Math[random]', PURE, "export const r = () => Math['random']();", RANDOM],
  ['random taken apart', PURE, 'export const { random } = Math;', RANDOM],
  ['Math under another name', PURE, 'const M = Math;\nexport const r = () => M.floor(1);', RANDOM],
  ['Math in a function', PURE, "export const r: unknown = Reflect.get(Math, 'random');", RANDOM],
  ['crypto', PURE, 'export const r = () => crypto.getRandomValues(new Uint8Array(8));', EFFECT],
  ['crypto by globalThis', PURE, 'export const r = () => globalThis.crypto.randomUUID();', EFFECT],
  ['crypto by global', PURE, 'export const r = () => global.crypto;', EFFECT],
  ['fetch', PURE, "export const f = () => fetch('http://localhost');", EFFECT],
  [
    'fetch by globalThis',
    PURE,
    "export const f = () => globalThis.fetch('http://localhost');",
    EFFECT,
  ],
  ['fetch by a computed name', PURE, "export const f: unknown = globalThis['fetch'];", EFFECT],
  ['process', PURE, 'export const e = process.env;', EFFECT],
  ['performance', PURE, 'export const now = () => performance.now();', EFFECT],
  ['setTimeout', PURE, 'export const t = () => setTimeout(() => undefined, 1);', EFFECT],
  ['setInterval', PURE, 'export const t = () => setInterval(() => undefined, 1);', EFFECT],
  ['setImmediate', PURE, 'export const t = () => setImmediate(() => undefined);', EFFECT],
  ['queueMicrotask', PURE, 'export const t = () => queueMicrotask(() => undefined);', EFFECT],
  ['eval', PURE, "export const e: unknown = eval('1');", EFFECT],
  ['Function', PURE, "export const e = new Function('return 1');", EFFECT],
  ['console', PURE, "export const c = () => console.log('x');", EFFECT],
  [
    'a wire that takes the world in',
    WIRE,
    "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;",
    PACKAGE,
  ],
  [
    'a signature that reads files',
    'apps/wechat-gateway/src/wechat.signature.ts',
    "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;",
    PACKAGE,
  ],
  [
    'a shell lib under a role of apps',
    'libs/domain-events/src/x.ts',
    'export const now = () => new Date();',
    CLOCK,
  ],
];

/** Rules for every file of ours, whatever its role. */
const everywhere: readonly LintCase[] = [
  [
    'a blind cast',
    'libs/http/src/x.ts',
    'export const x = JSON.parse("1") as any;',
    /silences the compiler/,
  ],
  [
    'a cast to never',
    'libs/http/src/x.ts',
    'export const x = (y: string) => y as never;',
    /silences the compiler/,
  ],
  [
    'a double cast',
    'libs/http/src/x.ts',
    'export const x = (y: string) => y as unknown as number;',
    /silences the compiler/,
  ],
  ['any', 'libs/http/src/x.ts', 'export const x = (y: any): unknown => y;', /Unexpected any/],
  [
    'a non-null assertion',
    'libs/http/src/x.ts',
    'export const x = (y?: string) => y!.length;',
    /non-null assertion/,
  ],
  ['an ignored error', 'libs/http/src/x.ts', '// @ts-ignore\nexport const x = 1;', /ts-ignore/],
  [
    'an expected error',
    'libs/http/src/x.ts',
    '// @ts-expect-error because\nexport const x = 1;',
    /ts-expect-error/,
  ],
  [
    'a rule disabled for a line',
    'libs/http/src/x.ts',
    "// eslint-disable-next-line no-console\nexport const x = () => console.log('x');",
    /noInlineConfig/,
  ],
  [
    'a rule disabled for a file',
    'libs/http/src/x.ts',
    '/* eslint-disable */\nexport const x = 1;',
    /noInlineConfig/,
  ],
  ['the console', 'libs/http/src/x.ts', "export const x = () => console.log('x');", /console/],
  [
    'a skipped spec',
    'libs/http/src/x.spec.ts',
    "it.skip('x', () => undefined);",
    /runs or is not there/,
  ],
  [
    'a lone spec',
    'libs/http/src/x.spec.ts',
    "describe.only('x', () => undefined);",
    /runs or is not there/,
  ],
];

/** Rules that ask for types; the code stands in for a file that is part of a project. */
const typed: readonly LintCase[] = [
  [
    'a promise that nobody waits for',
    'libs/http/src/problem.ts',
    'export const x = () => {\n  void 0;\n  Promise.resolve(1);\n};',
    /Promises must be awaited/,
  ],
  [
    'a switch that forgets a case',
    'libs/http/src/problem.ts',
    "export function x(y: 'a' | 'b'): number {\n  switch (y) {\n    case 'a':\n      return 1;\n  }\n  return 0;\n}",
    /Cases not matched: "b"/,
  ],
  [
    'a default that swallows a case',
    'libs/http/src/problem.ts',
    "export function x(y: 'a' | 'b'): number {\n  switch (y) {\n    case 'a':\n      return 1;\n    default:\n      return 0;\n  }\n}",
    /Cases not matched: "b"/,
  ],
  [
    'a type imported as a value',
    'libs/http/src/problem.ts',
    "import { Server } from 'node:http';\nexport type S = Server;",
    /only used as types/,
  ],
  [
    'an unsafe value',
    'libs/http/src/problem.ts',
    "export const x: string = JSON.parse('1');",
    /Unsafe assignment/,
  ],
];

export const forbidden = { boundaries, evasions, everywhere, typed };

/** One of each kind that is as it should be; the answer is that there is none. */
export const allowed: readonly (readonly [what: string, file: string, code: string])[] = [
  [
    'the conformance suite in a gateway’s spec',
    'apps/wechat-gateway/src/wechat.mapping.spec.ts',
    "import { describeGateway } from '@hutong/gateway/conformance';\nexport const d = describeGateway;\n",
  ],
  [
    'a pure lib',
    'libs/money/src/x.ts',
    "import { ok } from '@hutong/result';\nexport const one = ok(1n);\n",
  ],
  [
    'a pure file',
    PURE,
    "import type { Clock } from '@hutong/config';\nimport { keyOf } from '@hutong/domain-events';\nimport type { Payments } from '../store/payment.repository.js';\nexport type P = Payments | Clock;\nexport const key = keyOf;\nexport const at = new Date(Date.parse('2026-01-01'));\nexport const isDate = (x: unknown) => x instanceof Date;\nexport const days = Math.floor(at.getTime() / 86_400_000) + at.getUTCDate();\nexport const id = (random: Uint8Array) => random.length;\n",
  ],
  [
    'a contract',
    'libs/domain-events/src/x.ts',
    "import { IsInt } from 'class-validator';\nexport class V1 {\n  @IsInt() offer!: number;\n}\n",
  ],
  [
    'a wire class of an app',
    WIRE,
    "import { IsInt } from 'class-validator';\nexport class Body {\n  @IsInt() offer!: number;\n}\n",
  ],
  [
    'a signature',
    'apps/wechat-gateway/src/wechat.signature.ts',
    "import { createHash } from 'node:crypto';\nexport const hash = createHash;\n",
  ],
  [
    'a shell',
    'libs/messaging/src/x.ts',
    "import { Kafka } from 'kafkajs';\nexport const k = Kafka;\n",
  ],
  [
    'a repository',
    'apps/checkout/src/store/payment.repository.ts',
    "import { PrismaClient } from '../generated/prisma/client.js';\nexport const p = PrismaClient;\n",
  ],
  [
    'a main',
    'apps/ledger/src/main.ts',
    "import { parseEnv, ServiceEnv } from '@hutong/config';\nexport const e = parseEnv(ServiceEnv, process.env);\n",
  ],
  [
    'a spec of a shell',
    'libs/http/src/x.spec.ts',
    "import { it } from '@jest/globals';\nimport { FixedClock } from '@hutong/testing';\nit('is now', () => new FixedClock('2026-01-01T00:00:00.000Z').now());\n",
  ],
  ['a tool', 'tools/src/x.ts', "export const say = () => console.log('x');\n"],
];
