import { problem } from '@hutong/http';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { preferring } from '../platform-api/patience.adapter.js';
import type { Patience } from '../see-payment/payment-waiters.adapter.js';
import { callerAt, GuestAllowance, plainAddress } from './guest-allowance.js';

const REMEMBERED = 20_000;
/** Enough for everybody behind one address to open, read and press. */
const VISITS = { perSecond: 5, atOnce: 30, remembered: REMEMBERED };
/** A mistyped link now and then. Nobody guesses 128 bits; this keeps those who try from the database. */
const GUESSES = { perSecond: 0.1, atOnce: 10, remembered: REMEMBERED };

/** Whoever holds a link, known by an address alone. */
export class Guests {
  private readonly visits = new GuestAllowance(VISITS);
  private readonly guesses = new GuestAllowance(GUESSES);

  /** Counts a visit that may go on: 0, else in how many whole seconds the next one may. */
  secondsToWait(request: Request): number {
    const [caller, nowMs] = [callerOf(request), performance.now()];
    const { visits, guesses } = this;
    const seconds = [visits, guesses].map((allowance) => allowance.secondsToWait(caller, nowMs));
    const longest = Math.max(...seconds);
    if (longest === 0) visits.take(caller, nowMs);
    return longest;
  }

  /** Counts a token that is none. */
  guessed(request: Request): void {
    this.guesses.take(callerOf(request), performance.now());
  }
}

const callerOf = (request: Request): string => callerAt(addressOf(request) ?? 'unknown');

/** How long a guest's POST waits, as it prefers. */
export const guestPatienceOf = (request: Request, response: Response): Patience =>
  preferring(request, response, { guest: callerOf(request) });

/** Of the guest's device, as far as proxies of ours tell it. */
export const addressOf = ({ ip }: Request): string | undefined =>
  ip === undefined ? undefined : plainAddress(ip);

/** Keeps one address from asking too much, before anything is looked up: a guess learns nothing then. */
@Injectable()
export class GuestGuard implements CanActivate {
  constructor(private readonly guests: Guests) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const seconds = this.guests.secondsToWait(http.getRequest<Request>());
    if (seconds === 0) return true;
    http.getResponse<Response>().setHeader('retry-after', `${seconds}`);
    throw problem({ status: 429, code: 'too_many_requests' });
  }
}
