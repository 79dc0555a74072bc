import {
  createParamDecorator,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { AccessTokens, type AccessToken } from './access-tokens.js';
import { problem } from './problem.js';

const SCOPE = 'hutong:scope';

/** What a token must be allowed to do here, on a controller or one of its methods: `ledger:read`. */
export const RequireScope = (scope: string) => SetMetadata(SCOPE, scope);

/** Who was let in, by request: nothing that a request brings along can be taken for it. */
const callers = new WeakMap<Request, AccessToken>();

/** Who calls, on a route behind `TokenGuard`. @throws Error on a route that is not: nobody was asked. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): AccessToken => {
  const caller = callers.get(context.switchToHttp().getRequest<Request>());
  if (caller === undefined) throw new Error('a caller is asked for where no guard is');
  return caller;
});

/**
 * `Authorization: Bearer <token>` against the tokens file. A route without `RequireScope` is refused
 * to everybody: forgetting it must not open it.
 */
@Injectable()
export class TokenGuard implements CanActivate {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const presented = bearerOf(request);
    const token = presented === undefined ? undefined : await this.tokens.find(presented);
    if (token === undefined) {
      http
        .getResponse<{ setHeader(name: string, value: string): void }>()
        .setHeader('www-authenticate', 'Bearer');
      throw problem({ status: 401, code: 'unauthenticated' });
    }
    const wanted = this.reflector.getAllAndOverride<string | undefined>(SCOPE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (wanted === undefined || !token.scopes.includes(wanted)) {
      throw problem({ status: 403, code: 'scope_missing', scope: wanted });
    }
    callers.set(request, token);
    return true;
  }
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer ([\w.~+/-]{16,512}=*)$/i.exec(request.header('authorization') ?? '')?.[1];
}
