import { methodText, sameMethod, type Method } from '@hutong/domain-events';
import type { PolicyVersion } from '../policy/policy.js';
import { isFree, type Decision, type Moment } from './offer.js';
import { unusable } from './usability.js';

/** What was chosen, from which offer, and by whom. */
export type Choice = Readonly<{
  offer: number;
  method: Method;
  /** Somebody else pays, through a link that the payer shared. */
  paidByAnother: boolean;
}>;

/** What a choice is held against. */
export type Standing = Readonly<{
  /** The decision with the highest number. */
  newest: Decision;
  /** The version in force when the payment was requested, if there was one. */
  version: PolicyVersion | undefined;
  /** Its attempt was to be closed before anything was known of it. */
  closedBefore: boolean;
}>;

type Objection = (
  choice: Choice,
  standing: Standing,
  at: Moment,
) => string | false | readonly string[];

const objections: readonly Objection[] = [
  (_, { closedBefore }) => closedBefore && 'the attempt was closed before it was passed on',
  (choice, { newest }) => choice.offer > newest.offer && `offer ${choice.offer} was never made`,
  (choice, { newest }) =>
    choice.offer < newest.offer && `offer ${choice.offer} was replaced by offer ${newest.offer}`,
  (choice, { newest }) =>
    !newest.verdicts.some((one) => isFree(one) && sameMethod(one.method, offeredAs(choice))) &&
    `${methodText(offeredAs(choice))} is not in the offer`,
  (_, { newest: { validUntil } }, { now }) =>
    validUntil !== undefined && validUntil.getTime() <= now.getTime() && 'the offer has expired',
  ({ method, paidByAnother }) =>
    method.presentation === 'link' && !paidByAnother && 'a link is for somebody else to pay with',
  (choice, { version }) =>
    choice.paidByAnother &&
    !opensAs(choice, version).includes(choice.method.presentation) &&
    `a shared link cannot be paid by ${choice.method.presentation}`,
  (choice, _, { now, usability }) => [
    ...new Set([choice.method, offeredAs(choice)].flatMap((one) => unusable(usability, one, now))),
  ],
];

/**
 * Every reason why a choice does not hold any more; none means that it does. An offer ends with its
 * payment at the latest, so an expired payment shows as an expired offer.
 *
 * Through a shared link it is the link that must be in the offer: cap, share and conditions are about
 * the payer who was asked and shared it. How whoever opens it pays depends on the device in their
 * hands, of which the offer knows nothing, so the policy's `opensAs` decides that.
 */
export const objectionsTo = (choice: Choice, standing: Standing, at: Moment): readonly string[] =>
  objections.flatMap((object) => object(choice, standing, at) || []);

const offeredAs = ({ method, paidByAnother }: Choice): Method =>
  paidByAnother ? { ...method, presentation: 'link' } : method;

const opensAs = (choice: Choice, version: PolicyVersion | undefined) =>
  version?.methods.find(({ method }) => sameMethod(method, offeredAs(choice)))?.opensAs ?? [];

/** How long a gateway may take to submit before the payer has surely given up waiting. */
const SUBMIT_WITHIN_MS = 60_000;

/** The moment after which a command must not be carried out any more. */
export const notAfter = (expiresAt: Date, now: Date): Date =>
  new Date(Math.min(expiresAt.getTime(), now.getTime() + SUBMIT_WITHIN_MS));
