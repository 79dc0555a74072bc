import { problem, TokenGuard, type AccessTokens } from '@hutong/http';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

/** The tokens of operators; none where no tokens file is mounted. */
export class Operators {
  constructor(readonly tokens: AccessTokens | undefined) {}
}

/** Lets operators in by their tokens, and nobody where there are no operators. */
@Injectable()
export class OperatorGuard implements CanActivate {
  private readonly guard: TokenGuard | undefined;

  constructor({ tokens }: Operators, reflector: Reflector) {
    this.guard = tokens && new TokenGuard(tokens, reflector);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.guard === undefined) throw problem({ status: 401, code: 'unauthenticated' });
    return this.guard.canActivate(context);
  }
}
