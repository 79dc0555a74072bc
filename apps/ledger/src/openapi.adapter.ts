import { AccessTokens } from '@hutong/http';
import type { INestApplication, Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { Adoption } from './adoption/adoption.repository.js';
import { Balances } from './balance/balances.repository.js';
import { LedgerModule } from './ledger.module.js';
import { Books } from './post-entry/books.repository.js';
import { Entries } from './see-entries/entries.repository.js';
import { Watermarks } from './store/watermark.repository.js';
import { Volumes } from './volume/volumes.repository.js';

/** What operators and services may ask, and every answer they may get. */
export const openApiOf = (app: INestApplication): OpenAPIObject =>
  SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setTitle('Hutong ledger')
      .setDescription('Books, volumes and exact unique payers and merchants.')
      .setVersion('1')
      .addBearerAuth({ type: 'http', scheme: 'bearer' })
      .build(),
    { operationIdFactory: (_, method) => method },
  );

/** The document without a running service: what the controllers take is named, never built. */
export async function describeOpenApi(): Promise<OpenAPIObject> {
  const taken = [AccessTokens, Adoption, Balances, Books, Entries, Volumes, Watermarks];
  const named = taken.map((provide): Provider => ({ provide, useValue: null }));
  const app = await NestFactory.create(LedgerModule.with(named), { preview: true, logger: false });
  return openApiOf(app);
}
