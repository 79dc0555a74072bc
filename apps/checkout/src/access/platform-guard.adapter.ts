import { problem, RateLimit } from '@hutong/http';
import type { PlatformId } from '@hutong/domain-events';
import {
  createParamDecorator,
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { ApiKeys } from './api-keys.repository.js';
import type { Scope } from './scopes.js';

/** What a key must be allowed to do here. */
export const RequireScope = Reflector.createDecorator<Scope>();

type FromPlatform = Request & { platform?: PlatformId; keyId?: string };

/**
 * `Authorization: Bearer hk_…`. A route that requires no scope is refused to everybody: forgetting it
 * must not open it.
 */
@Injectable()
export class PlatformGuard implements CanActivate {
  constructor(
    private readonly keys: ApiKeys,
    private readonly limit: RateLimit,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const response = http.getResponse<Response>();
    const request = http.getRequest<FromPlatform>();
    const presented = /^Bearer (\S{1,256})$/i.exec(request.header('authorization') ?? '')?.[1];
    const caller = presented === undefined ? undefined : await this.keys.find(presented);
    if (caller === undefined) {
      response.setHeader('www-authenticate', 'Bearer');
      throw problem({ status: 401, code: 'unauthenticated' });
    }
    const seconds = this.limit.secondsToWait(caller.platform);
    if (seconds > 0) {
      response.setHeader('retry-after', `${seconds}`);
      throw problem({ status: 429, code: 'too_many_requests' });
    }
    const scope = this.reflector.get(RequireScope, context.getHandler());
    if (!caller.scopes.includes(scope))
      throw problem({ status: 403, code: 'scope_missing', scope });
    request.platform = caller.platform;
    request.keyId = caller.keyId;
    return true;
  }
}

/** The platform whose key the request came with. @throws Error on a route that the guard does not keep. */
export const Platform = createParamDecorator(
  (_: unknown, context: ExecutionContext): PlatformId => {
    const { platform } = context.switchToHttp().getRequest<FromPlatform>();
    if (platform === undefined) throw new Error('a route without its guard');
    return platform;
  },
);

/** Which key the request came with: never the key itself. @throws Error as `Platform` does. */
export const KeyId = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  keyIdOf(context.switchToHttp().getRequest<Request>()),
);

/** As `KeyId`. */
export function keyIdOf({ keyId }: FromPlatform): string {
  if (keyId === undefined) throw new Error('a route without its guard');
  return keyId;
}
