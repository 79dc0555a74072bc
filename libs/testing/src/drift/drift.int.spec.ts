import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from '@jest/globals';
import type { DatabaseConfig } from '@hutong/config';
import { onDatabase } from './catalogue.js';
import { driftOf } from './drift.js';

const folder = mkdtempSync(join(tmpdir(), 'hutong-drift-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'schema.prisma');
writeFileSync(
  file,
  `datasource db {
     provider = "postgresql"
   }
   model Tree {
     id      BigInt   @id
     name    String   @unique
     planted DateTime @default(now()) @db.Timestamptz
     leaves  Leaf[]
   }
   model Leaf {
     id     Int  @id
     treeId BigInt
     tree   Tree @relation(fields: [treeId], references: [id])
     @@index([treeId, id(sort: Desc)])
   }
   model Inbox {
     event String @id
   }`,
);

const INBOX = 'CREATE TABLE "Inbox" (event text PRIMARY KEY);';
const OUTBOX = 'CREATE TABLE outbox (id bigint PRIMARY KEY);';
const TREE = `CREATE TABLE "Tree" (
  id bigint CONSTRAINT any_name PRIMARY KEY, name text NOT NULL UNIQUE CHECK (name <> ''),
  planted timestamptz NOT NULL DEFAULT now());`;
const LEAF = `CREATE TABLE "Leaf" (id int PRIMARY KEY,
  "treeId" bigint NOT NULL REFERENCES "Tree" ON DELETE RESTRICT ON UPDATE CASCADE);
  CREATE INDEX ON "Leaf" ("treeId", id DESC);
  CREATE INDEX ON "Leaf" (id) WHERE id > 5;`;

const run = (sql: string) => (database: DatabaseConfig) =>
  onDatabase(database, (client) => client.query(sql));

/** The drift when the app's own migrations are these. */
const drift = (own: string, libraries = INBOX + OUTBOX) =>
  driftOf({
    schema: pathToFileURL(file),
    migrate: run(libraries + own),
    libraries: run(libraries),
  });

it('finds none where the migrations make what the models say, by whatever names and checks', async () => {
  expect(await drift(TREE + LEAF)).toEqual([]);
});

it.each<[string, string, string[]]>([
  [
    'a type',
    TREE.replace('timestamptz', 'timestamp') + LEAF,
    [
      'only in the migrations: Tree: column planted timestamp without time zone not null default now()',
      'only in schema.prisma: Tree: column planted timestamp with time zone not null default now()',
    ],
  ],
  [
    'a default',
    TREE.replace('DEFAULT now()', '') + LEAF,
    [
      'only in the migrations: Tree: column planted timestamp with time zone not null',
      'only in schema.prisma: Tree: column planted timestamp with time zone not null default now()',
    ],
  ],
  [
    'what may be empty',
    TREE.replace('name text NOT NULL', 'name text') + LEAF,
    [
      'only in the migrations: Tree: column name text',
      'only in schema.prisma: Tree: column name text not null',
    ],
  ],
  [
    'a rule',
    TREE.replace('UNIQUE', '') + LEAF,
    ['only in schema.prisma: Tree: unique btree (name)'],
  ],
  [
    'an order',
    TREE + LEAF.replace('id DESC', 'id'),
    [
      'only in the migrations: Leaf: index btree ("treeId", id)',
      'only in schema.prisma: Leaf: index btree ("treeId", id DESC)',
    ],
  ],
  [
    'a reference',
    TREE + LEAF.replace('ON DELETE RESTRICT', 'ON DELETE CASCADE'),
    [
      'only in the migrations: Leaf: FOREIGN KEY ("treeId") REFERENCES "Tree"(id) ON UPDATE CASCADE ON DELETE CASCADE',
      'only in schema.prisma: Leaf: FOREIGN KEY ("treeId") REFERENCES "Tree"(id) ON UPDATE CASCADE ON DELETE RESTRICT',
    ],
  ],
  [
    'a column too many',
    `${TREE + LEAF} ALTER TABLE "Leaf" ADD extra int`,
    ['only in the migrations: Leaf: column extra integer'],
  ],
  [
    'a table too many',
    `${TREE + LEAF} CREATE TABLE extra (id int)`,
    ['only in the migrations: extra: column id integer'],
  ],
])('finds %s that differs', async (_, own, expected) => {
  expect(await drift(own)).toEqual(expected);
});

it('holds a table of a library against its mirror among the models', async () => {
  expect(await drift(TREE + LEAF, OUTBOX + INBOX.replace('text', 'uuid'))).toEqual([
    'only in the migrations: Inbox: column event uuid not null',
    'only in schema.prisma: Inbox: column event text not null',
  ]);
});
