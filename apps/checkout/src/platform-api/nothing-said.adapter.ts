import { problem } from '@hutong/http';
import { UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** Of a route that takes neither parameters nor a body: what is said all the same is refused. */
export const TakesNothing = (): MethodDecorator & ClassDecorator => UseGuards(NothingSaid);

/** Elsewhere validation refuses what a class does not know; here there is no class. `{}` is nothing. */
class NothingSaid implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query, body } = context.switchToHttp().getRequest<Request<object, object, unknown>>();
    if (isNothing(query) && (body === undefined || isNothing(body))) return true;
    throw problem({
      status: 400,
      code: 'invalid_request',
      title: 'The request is not valid',
      errors: [{ path: '', rules: ['isNothing'] }],
    });
  }
}

const isNothing = (said: unknown): boolean =>
  typeof said === 'object' &&
  said !== null &&
  !Array.isArray(said) &&
  Object.keys(said).length === 0;
