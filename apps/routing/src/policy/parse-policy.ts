import {
  CHANNELS,
  isId,
  methodText,
  parseMethod,
  platformId,
  type Channel,
  type Method,
  type PlatformId,
} from '@hutong/domain-events';
import { compare, parseMoney, type Money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import { JsonReader, type Mistake } from './json-reader.js';
import type { Conditions, MethodRule, PayerDescription, Policy, PolicyVersion } from './policy.js';

/** An offer that is valid for longer than a payment can live would say nothing. */
const LONGEST_OFFER_SECONDS = 7 * 24 * 60 * 60;

/** As many as an offer on the wire can hold. */
const MOST_METHODS = 64;

/**
 * A policy file's content. Unknown members are mistakes, since a condition that is not read would
 * open its method to everybody.
 * @returns the policy, or every mistake with its JSON path.
 */
export function parsePolicy(document: unknown): Result<Policy, readonly Mistake[]> {
  const mistakes: Mistake[] = [];
  const member = JsonReader.of(document, mistakes).members('platform', 'versions');
  const platform = member('platform').text('a platform, like taobao', toPlatform);
  const items = member('versions').items();
  const read = items.map(readVersion);
  inOrder(items, read);
  if (platform === undefined || mistakes.length > 0) return refuse(mistakes);
  return ok({ platform, versions: read.filter((one) => one !== undefined) });
}

function readVersion(at: JsonReader): PolicyVersion | undefined {
  const member = at.members('version', 'effectiveFrom', 'offerValidForSeconds', 'methods');
  const version = member('version').text(
    'a name of 1 to 32 letters, digits, . _ -, not none',
    (t) => (/^[\w.-]{1,32}$/.test(t) && t !== 'none' ? t : undefined),
  );
  const effectiveFrom = member('effectiveFrom').text('a moment with its offset', toMoment);
  const seconds = member('offerValidForSeconds').wholeNumber(1, LONGEST_OFFER_SECONDS);
  const rules = member('methods').items(MOST_METHODS);
  const methods = rules.map(readRule).filter((one) => one !== undefined);
  noneTwice(rules, methods);
  if (version === undefined || effectiveFrom === undefined || seconds === undefined) {
    return undefined;
  }
  return { version, effectiveFrom, offerValidForMs: seconds * 1000, methods };
}

function readRule(at: JsonReader): MethodRule | undefined {
  const member = at.members('method', 'label', 'conditions');
  const method = member('method').text('a method, like wechat/wechat_pay/qr', toMethod);
  const label = member('label').text('1 to 64 characters', (t) =>
    t.length >= 1 && t.length <= 64 ? t : undefined,
  );
  const conditions = member('conditions').optional(readConditions) ?? {};
  return method && label !== undefined ? { method, label, conditions } : undefined;
}

function readConditions(at: JsonReader): Conditions {
  const member = at.members('minAmount', 'maxAmount', 'channels', 'payerIs');
  const minAmount = member('minAmount').optional(readMoney);
  const maxAmount = member('maxAmount').optional(readMoney);
  if (minAmount && maxAmount && !spans(minAmount, maxAmount)) {
    member('maxAmount').wants('at least minAmount, in its currency');
  }
  const channels = member('channels').optional(readChannels);
  const payerIs = member('payerIs').optional((list) => list.items().map(readDescription));
  return {
    ...(minAmount && { minAmount }),
    ...(maxAmount && { maxAmount }),
    ...(channels && { channels }),
    ...(payerIs && { payerIs }),
  };
}

function readMoney(at: JsonReader): Money | undefined {
  const member = at.members('currency', 'minor');
  const currency = member('currency').text('a currency, like CNY', (t) => t);
  const minor = member('minor').text('minor units as digits, like "30000"', (t) => t);
  if (currency === undefined || minor === undefined) return undefined;
  const parsed = parseMoney({ currency, minor });
  if (parsed.ok) return parsed.value;
  at.wants(parsed.refusal.code === 'currency_unknown' ? 'a known currency' : 'minor as digits');
  return undefined;
}

const readChannels = (at: JsonReader): readonly Channel[] =>
  at
    .items()
    .map((item) => item.text(`one of ${CHANNELS.join(', ')}`, toChannel))
    .filter((channel) => channel !== undefined);

function readDescription(at: JsonReader): PayerDescription {
  const member = at.members('hasBoundCard', 'hasBalance');
  if (at.empty) at.wants('hasBoundCard or hasBalance');
  const hasBoundCard = member('hasBoundCard').optional(readAnswer);
  const hasBalance = member('hasBalance').optional(readAnswer);
  return { ...(hasBoundCard && { hasBoundCard }), ...(hasBalance && { hasBalance }) };
}

const readAnswer = (at: JsonReader): 'yes' | 'no' | undefined =>
  at.text('yes or no', (t) => (t === 'yes' || t === 'no' ? t : undefined));

/** Two versions from one moment, or under one name, would leave it open which one decided. */
function inOrder(
  items: readonly JsonReader[],
  versions: readonly (PolicyVersion | undefined)[],
): void {
  versions.forEach((version, index) => {
    const before = versions.slice(0, index).filter((one) => one !== undefined);
    if (version === undefined) return;
    const last = before.at(-1);
    if (last && last.effectiveFrom.getTime() >= version.effectiveFrom.getTime()) {
      items[index]?.wants('effectiveFrom after that of the version before');
    }
    if (before.some((one) => one.version === version.version)) {
      items[index]?.wants('a version name of its own');
    }
  });
}

function noneTwice(items: readonly JsonReader[], rules: readonly MethodRule[]): void {
  if (items.length !== rules.length) return; // said already; indexes do not match any more
  const seen = new Set<string>();
  rules.forEach(({ method }, index) => {
    if (seen.has(methodText(method))) items[index]?.wants('a method that is not listed above');
    seen.add(methodText(method));
  });
}

const spans = (min: Money, max: Money): boolean =>
  min.currency === max.currency && compare(min, max) <= 0;

const toPlatform = (text: string): PlatformId | undefined =>
  isId('platformId', text) ? platformId(text) : undefined;

const toChannel = (text: string): Channel | undefined => CHANNELS.find((one) => one === text);

function toMethod(text: string): Method | undefined {
  const method = parseMethod(text);
  return method.ok ? method.value : undefined;
}

/** RFC 3339 with an offset, or the day would begin wherever the server happens to stand. */
function toMoment(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}
