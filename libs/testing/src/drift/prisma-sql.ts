import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DatabaseConfig } from '@hutong/config';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';

/** Of the runtime; TypeScript has its types among the browser's only. */
declare const WebAssembly: Readonly<{
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
}>;

const { resolve } = createRequire(import.meta.url);

/**
 * The SQL that makes an empty database what a Prisma schema says, from Prisma's own engine.
 * @param database anything that answers: the engine connects, and does not look.
 * @throws the engine's error, with what is wrong in the schema.
 */
export async function sqlFromSchema(schema: URL, database: DatabaseConfig): Promise<string> {
  await startEngine();
  const adapter = new PrismaPg({
    host: database.url.hostname,
    port: Number(database.url.port),
    user: decodeURIComponent(database.url.username),
    password: database.password.reveal(),
    database: database.url.pathname.slice(1),
  });
  const one = await engine.SchemaEngine.new(
    { datamodels: undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
  try {
    const content = await readFile(schema, 'utf8');
    const { stdout } = await one.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return stdout ?? '';
  } finally {
    one.free();
  }
}

let started: Promise<void> | undefined;

/** Prisma's own loader is for bundlers: here the WebAssembly is put together by hand, once. */
const startEngine = (): Promise<void> => (started ??= instantiate());

async function instantiate(): Promise<void> {
  const glue = resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(join(glue, '../schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': engine });
  engine.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}
