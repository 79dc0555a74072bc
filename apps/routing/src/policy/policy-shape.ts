import {
  methodText,
  PRESENTATIONS,
  PROVIDERS,
  type Method,
  type Presentation,
} from '@hutong/domain-events';
import { compare, type Money } from '@hutong/money';
import { impossible } from './acceptance.js';
import type { JsonPlace } from './json-place.js';
import {
  about,
  as,
  list,
  object,
  oneOf,
  text,
  where,
  wholeNumber,
  type JsonSchema,
  type Shape,
} from './json-shape.js';
import type {
  Conditions,
  Known,
  MethodRule,
  PayerDescription,
  Policy,
  PolicyVersion,
  Rollout,
} from './policy.js';
import { amount, channel, method, moment, platform } from './request-shapes.js';

/** An offer that is valid for longer than a payment can live would say nothing. */
const LONGEST_OFFER_SECONDS = 7 * 24 * 60 * 60;

const answer = oneOf<Known>(['yes', 'no']);

/** Apps by their names, as platforms name them in `installedApps`. */
const apps: Shape<Readonly<Record<string, Known>>> = {
  schema: {
    type: 'object',
    propertyNames: { maxLength: 64, minLength: 1 },
    additionalProperties: answer.schema,
    minProperties: 1,
  },
  read: (at) => {
    const names = at.names();
    if (names.length === 0) at.wants('an object: whether each named app is installed, yes or no');
    const read = names.map((name) => [name, answer.read(at.member(name))] as const);
    const known = new Map<string, Known>();
    for (const [name, value] of read) if (value !== undefined) known.set(name, value);
    return known.size === 0 ? undefined : Object.fromEntries(known);
  },
};

const description: Shape<PayerDescription> = where(
  object({}, { hasBoundCard: answer, hasBalance: answer, installedApps: apps }),
  (asked, at) => {
    if (Object.keys(asked).length === 0) at.wants('hasBoundCard, hasBalance or installedApps');
  },
);

const conditions: Shape<Conditions> = where(
  object(
    {},
    {
      minAmount: about('The smallest amount, itself included.', amount),
      maxAmount: about('The largest amount, itself included.', amount),
      channels: list(channel),
      payerIs: about(
        'One of these must fit the payer, wholly. What is unknown of a payer fits nothing.',
        list(description),
      ),
    },
  ),
  ({ minAmount, maxAmount }, at) => {
    if (minAmount && maxAmount && !spans(minAmount, maxAmount)) {
      at.member('maxAmount').wants('at least minAmount, in its currency');
    }
  },
);

const rollout: Shape<Rollout> = object(
  {
    salt: about(
      "The rollout's own. It stays while the share grows, and belongs to no other rollout.",
      text('1 to 64 letters, digits, . _ -', /^[\w.-]{1,64}$/),
    ),
    shareBps: about('In steps of 0.01 %: 10000 is everybody.', wholeNumber(0, 10_000)),
  },
  {},
);

const rule: Shape<MethodRule> = where(
  as(
    object(
      { method, label: text('1 to 64 characters', /^.{1,64}$/u) },
      {
        conditions: about('All that are given must hold.', conditions),
        rollout: about('A sticky share of payers; without one, all of them.', rollout),
        standInFor: about(
          'Offered only while one of these providers cannot be used.',
          list(oneOf(PROVIDERS)),
        ),
        opensAs: about(
          'Of a link, and of it alone: how whoever opens it may pay.',
          list(oneOf(PRESENTATIONS.filter((one) => one !== 'link' && one !== 'barcode'))),
        ),
      },
    ),
    (read): MethodRule => ({ ...read, conditions: read.conditions ?? {} }),
  ),
  ({ method: asked, standInFor, opensAs }, at) => {
    const { provider, presentation } = asked;
    const mistake = impossible(asked);
    if (mistake !== undefined) at.member('method').wants(mistake);
    const closed = opened(asked, opensAs).flatMap((one) => impossible(one) ?? [])[0];
    if (closed !== undefined && mistake === undefined) at.member('opensAs').wants(closed);
    const isLink = presentation === 'link';
    if (isLink && opensAs === undefined) at.member('opensAs').wants('how a link may be paid');
    if (!isLink && opensAs !== undefined)
      at.member('opensAs').wants('no such member but of a link');
    if (standInFor?.includes(provider)) at.member('standInFor').wants('other providers only');
  },
);

/** What whoever opens a link would pay by. */
const opened = (method: Method, opensAs: readonly Presentation[] = []): Method[] =>
  opensAs.map((presentation) => ({ ...method, presentation }));

const version: Shape<PolicyVersion> = as(
  object(
    {
      version: about(
        'Its name in decisions, never used again.',
        text('a name of 1 to 32 letters, digits, . _ -, not none', /^(?!none$)[\w.-]{1,32}$/),
      ),
      effectiveFrom: about('The first moment at which it decides.', moment),
      offerValidForSeconds: about(
        'How long a payer may take to choose. An offer never outlives its payment.',
        wholeNumber(1, LONGEST_OFFER_SECONDS),
      ),
      methods: about('In the order in which payers see them.', where(list(rule), noneTwice)),
    },
    {},
  ),
  ({ offerValidForSeconds, ...rest }): PolicyVersion => ({
    ...rest,
    offerValidForMs: offerValidForSeconds * 1000,
  }),
);

/** A policy file: said here once, for reading and for the schema. */
export const policyShape: Shape<Policy> = as(
  object(
    {
      platform,
      versions: about('By their effective dates, earliest first.', where(list(version), inOrder)),
    },
    { $schema: text('where the schema of this file is', /^.+$/) },
  ),
  ({ platform: on, versions }): Policy => ({ platform: on, versions }),
);

/** For editors and for whoever writes policies by program. */
export const policySchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: "One platform's routing policy",
  ...policyShape.schema,
};

/** Two versions from one moment, or under one name, would leave it open which one decided. */
function inOrder(versions: readonly PolicyVersion[], at: JsonPlace): void {
  versions.forEach((one, index) => {
    const before = versions.slice(0, index);
    const last = before.at(-1);
    if (last && last.effectiveFrom.getTime() >= one.effectiveFrom.getTime()) {
      at.item(index).wants('effectiveFrom after that of the version before');
    }
    if (before.some(({ version: name }) => name === one.version)) {
      at.item(index).wants('a version name of its own');
    }
  });
}

function noneTwice(rules: readonly MethodRule[], at: JsonPlace): void {
  const seen = new Set<string>();
  rules.forEach((one, index) => {
    const written = methodText(one.method);
    if (seen.has(written)) at.item(index).wants('a method that is not listed above');
    seen.add(written);
  });
}

const spans = (min: Money, max: Money): boolean =>
  min.currency === max.currency && compare(min, max) <= 0;
