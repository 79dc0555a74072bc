import { problem } from '@hutong/http';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** Who may use the control API and read the credentials: this machine, or whoever reaches the port. */
export const CONTROL_EXPOSED = Symbol('whether the control API is open to other machines');

const LOOPBACK_PEER = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/;
/** A page elsewhere may make its own name mean 127.0.0.1; then the name gives it away. */
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Private keys are handed out and faults armed here: nobody but this machine, unless asked for. */
@Injectable()
export class LoopbackOnly implements CanActivate {
  constructor(@Inject(CONTROL_EXPOSED) private readonly exposed: boolean) {}

  /** @throws ProblemException 403 `not_from_here` */
  canActivate(context: ExecutionContext): boolean {
    const { socket, headers } = context.switchToHttp().getRequest<Request>();
    const isNear =
      LOOPBACK_PEER.test(socket.remoteAddress ?? '') && LOOPBACK_HOST.test(headers.host ?? '');
    if (this.exposed || isNear) return true;
    throw problem({ status: 403, code: 'not_from_here' });
  }
}
