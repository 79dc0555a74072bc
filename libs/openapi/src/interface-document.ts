import type { DynamicModule, INestApplication, InjectionToken, Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** What a document says beside the routes. */
export type About = Readonly<{ title: string; description: string; server?: URL }>;

/** What may be called, and every answer there may be. Operations are named as their methods are. */
export function documentOf(app: INestApplication, about: About): OpenAPIObject {
  const document = new DocumentBuilder()
    .setTitle(about.title)
    .setDescription(about.description)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' });
  if (about.server !== undefined) document.addServer(about.server.href);
  return SwaggerModule.createDocument(app, document.build(), {
    operationIdFactory: (_, method) => method,
  });
}

/**
 * An application to describe, without a running service: what its controllers take is named, never built.
 * @param taken all that they take.
 */
export function describedApp(
  moduleWith: (providers: readonly Provider[]) => DynamicModule,
  taken: readonly InjectionToken[],
): Promise<INestApplication> {
  const named = taken.map((provide): Provider => ({ provide, useValue: null }));
  return NestFactory.create(moduleWith(named), { preview: true, logger: false });
}
