import { AccessTokens } from '@hutong/http';
import type { INestApplication, Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { RoutingModule } from './routing.module.js';
import { Commands } from './store/commands.repository.js';
import { Decisions } from './store/decisions.repository.js';
import { Reports } from './store/reports.repository.js';
import { SwitchTurns } from './store/switches.repository.js';
import { SWITCH_SURROUNDINGS } from './switches/switches.controller.js';

/** What operators may ask, and every answer they may get. */
export const openApiOf = (app: INestApplication): OpenAPIObject =>
  SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setTitle('Hutong routing')
      .setDescription(
        'Ask why a payment was offered what it was offered; switch providers off and on.',
      )
      .setVersion('1')
      .addBearerAuth({ type: 'http', scheme: 'bearer' })
      .build(),
    { operationIdFactory: (_, method) => method },
  );

/** The document without a running service: what the controllers take is named, never built. */
export async function describeOpenApi(): Promise<OpenAPIObject> {
  const taken = [Decisions, Commands, Reports, SwitchTurns, SWITCH_SURROUNDINGS, AccessTokens];
  const named = taken.map((provide): Provider => ({ provide, useValue: null }));
  const app = await NestFactory.create(RoutingModule.with(named), { preview: true, logger: false });
  return openApiOf(app);
}
