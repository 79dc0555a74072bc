import { AccessTokens } from '@hutong/http';
import { describedApp, documentOf } from '@hutong/openapi';
import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Adoption } from './adoption/adoption.repository.js';
import { Balances } from './balance/balances.repository.js';
import { LedgerModule } from './ledger.module.js';
import { Books } from './post-entry/books.repository.js';
import { Entries } from './see-entries/entries.repository.js';
import { Watermarks } from './store/watermark.repository.js';
import { Volumes } from './volume/volumes.repository.js';

const TAKEN = [AccessTokens, Adoption, Balances, Books, Entries, Volumes, Watermarks];

/** What operators and services may ask, and every answer they may get. */
export const openApiOf = (app: INestApplication): OpenAPIObject =>
  documentOf(app, {
    title: 'Hutong ledger',
    description: 'Books, volumes and exact unique payers and merchants.',
  });

/** The document without a running service. */
export const describeOpenApi = async (): Promise<OpenAPIObject> =>
  openApiOf(await describedApp((providers) => LedgerModule.with(providers), TAKEN));
