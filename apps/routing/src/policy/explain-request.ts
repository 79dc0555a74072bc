import { idPatterns, methodText, payerKey, type PayerAttributes } from '@hutong/domain-events';
import { decide, isFree, type Asked } from '../offer/offer.js';
import { EVERYTHING_USABLE } from '../offer/usability.js';
import { about, as, list, object, oneOf, text, type Shape } from './json-shape.js';
import { versionFor, type Policies } from './policies.js';
import { amount, channel, moment, platform } from './request-shapes.js';

/** A request that nobody made, to see what policies would answer. */
export type Hypothetical = Omit<Asked, 'expiresAt'> & Readonly<{ at?: Date | undefined }>;

const answer = oneOf(['yes', 'no', 'unknown'] as const);

export const hypotheticalShape: Shape<Hypothetical> = as(
  object(
    { platform, amount, channel },
    {
      payerKey: about(
        'Who pays, for the share of a rollout; a made-up payer if left out.',
        text('32 lower-case hex digits', idPatterns.payerKey, payerKey),
      ),
      payer: object(
        {},
        {
          hasBoundCard: answer,
          hasBalance: answer,
          installedApps: list(text('the name of an app', /^.{1,64}$/u)),
        },
      ),
      at: about('When it would be requested; now if left out.', moment),
    },
  ),
  ({ payer, ...asked }): Hypothetical => ({
    payerKey: payerKey('0'.repeat(32)),
    ...asked,
    payer: {
      hasBoundCard: 'unknown',
      hasBalance: 'unknown',
      ...payer,
    } satisfies PayerAttributes,
  }),
);

/** What would be answered to it, as an operator reads it. */
export type HypotheticalAnswer = Readonly<{
  platform: string;
  at: string;
  policyVersion: string;
  methods: readonly Readonly<{
    method: string;
    label: string;
    offered: boolean;
    reasons: readonly string[];
  }>[];
}>;

const A_QUARTER_OF_AN_HOUR_MS = 900_000;

/** By the policies alone: as if nothing were switched off and every provider well. */
export function explainHypothetical(
  policies: Policies,
  asked: Hypothetical,
  now: Date,
): HypotheticalAnswer {
  const at = asked.at ?? now;
  const expiresAt = new Date(at.getTime() + A_QUARTER_OF_AN_HOUR_MS);
  const version = versionFor(policies, asked.platform, at);
  const moment = { offer: 1, now: at, usability: EVERYTHING_USABLE };
  const decision = decide(version, { ...asked, expiresAt }, moment);
  return {
    platform: asked.platform,
    at: at.toISOString(),
    policyVersion: decision.policyVersion,
    methods: decision.verdicts.map((verdict) => ({
      method: methodText(verdict.method),
      label: verdict.label,
      offered: isFree(verdict),
      reasons: verdict.against,
    })),
  };
}
