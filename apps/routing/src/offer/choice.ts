import { methodText, sameMethod, type Method } from '@hutong/domain-events';
import { isFree, type Decision } from './offer.js';

/** What a payer chose, and from which offer. */
export type Choice = Readonly<{ offer: number; method: Method }>;

type Objection = (choice: Choice, newest: Decision, now: Date) => string | false;

const objections: readonly Objection[] = [
  (choice, newest) => choice.offer > newest.offer && `offer ${choice.offer} was never made`,
  (choice, newest) =>
    choice.offer < newest.offer && `offer ${choice.offer} was replaced by offer ${newest.offer}`,
  (choice, { verdicts }) =>
    !verdicts.some((verdict) => isFree(verdict) && sameMethod(verdict.method, choice.method)) &&
    `${methodText(choice.method)} is not in the offer`,
  (_, { validUntil }, now) =>
    validUntil !== undefined && validUntil.getTime() <= now.getTime() && 'the offer has expired',
];

/**
 * Every reason why a choice does not hold any more; none means that it does. An offer ends with its
 * payment at the latest, so an expired payment shows as an expired offer.
 * @param newest the payment's decision with the highest number.
 */
export const objectionsTo = (choice: Choice, newest: Decision, now: Date): readonly string[] =>
  objections.flatMap((object) => object(choice, newest, now) || []);

/** How long a gateway may take to submit before the payer has surely given up waiting. */
const SUBMIT_WITHIN_MS = 60_000;

/** The moment after which a command must not be carried out any more. */
export const notAfter = (expiresAt: Date, now: Date): Date =>
  new Date(Math.min(expiresAt.getTime(), now.getTime() + SUBMIT_WITHIN_MS));
