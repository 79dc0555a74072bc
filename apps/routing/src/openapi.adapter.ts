import { AccessTokens } from '@hutong/http';
import { describedApp, documentOf } from '@hutong/openapi';
import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { RoutingModule } from './routing.module.js';
import { Commands } from './store/commands.repository.js';
import { Decisions } from './store/decisions.repository.js';
import { Reports } from './store/reports.repository.js';
import { SwitchTurns } from './store/switches.repository.js';
import { SWITCH_SURROUNDINGS } from './switches/switches.controller.js';

const TAKEN = [Decisions, Commands, Reports, SwitchTurns, SWITCH_SURROUNDINGS, AccessTokens];

/** What operators may ask, and every answer they may get. */
export const openApiOf = (app: INestApplication): OpenAPIObject =>
  documentOf(app, {
    title: 'Hutong routing',
    description: 'Ask why a payment was offered what it was offered; switch providers off and on.',
  });

/** The document without a running service. */
export const describeOpenApi = async (): Promise<OpenAPIObject> =>
  openApiOf(await describedApp((providers) => RoutingModule.with(providers), TAKEN));
