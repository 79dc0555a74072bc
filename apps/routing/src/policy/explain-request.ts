import {
  idPatterns,
  methodText,
  payerKey,
  type PayerAttributes,
  type PayerKey,
} from '@hutong/domain-events';
import { decide, isFree, type Asked } from '../offer/offer.js';
import { EVERYTHING_USABLE } from '../offer/usability.js';
import { about, as, list, object, oneOf, text, type Shape } from './json-shape.js';
import { versionFor, type Policies } from './policies.js';
import type { MethodRule } from './policy.js';
import { amount, channel, moment, platform } from './request-shapes.js';

/** A request that nobody made, to see what policies would answer. */
export type Hypothetical = Omit<Asked, 'expiresAt' | 'payerKey'> &
  Readonly<{
    /** Without one it is anybody: whether they are in a rollout's share is left open. */
    payerKey?: PayerKey | undefined;
    at?: Date | undefined;
  }>;

const answer = oneOf(['yes', 'no', 'unknown'] as const);

export const hypotheticalShape: Shape<Hypothetical> = as(
  object(
    { platform, amount, channel },
    {
      payerKey: about(
        'Who pays, for the share of a rollout; anybody if left out.',
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
    /** Of a rollout: to how many of 10 000 payers it is open. */
    shareBps?: number;
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
  const rules = version?.methods ?? [];
  const judged = version && {
    ...version,
    methods: asked.payerKey === undefined ? rules.map(withoutShare) : rules,
  };
  const payer = { ...asked, payerKey: asked.payerKey ?? ANYBODY, expiresAt };
  const moment = { offer: 1, now: at, usability: EVERYTHING_USABLE };
  const decision = decide(judged, payer, moment);
  return {
    platform: asked.platform,
    at: at.toISOString(),
    policyVersion: decision.policyVersion,
    methods: decision.verdicts.map((verdict, index) => ({
      method: methodText(verdict.method),
      label: verdict.label,
      offered: isFree(verdict),
      ...(rules[index]?.rollout && { shareBps: rules[index].rollout.shareBps }),
      reasons: verdict.against,
    })),
  };
}

const ANYBODY = payerKey('0'.repeat(32));

const EVERYBODY_BPS = 10_000;

const withoutShare = (rule: MethodRule): MethodRule =>
  rule.rollout ? { ...rule, rollout: { ...rule.rollout, shareBps: EVERYBODY_BPS } } : rule;
