import 'reflect-metadata';
import { CURRENCIES, parseMoney, type Money } from '@hutong/money';
import {
  IsIn,
  IsNotEmpty,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateBy,
  IsUrl,
  ValidateIf,
} from 'class-validator';
import type { Action } from './action.js';
import { applyDecorators } from './apply-decorators.js';
import { IsOne, IsTextWhere } from './fields.js';
import { idPatterns } from './ids.js';
import { parseMethod, PRESENTATIONS, PROVIDERS, type Method } from './method.js';

/** Money on the wire: `{"currency":"CNY","minor":"12800"}`, minor units as digits. */
export class WireMoney {
  @IsIn(CURRENCIES) currency!: string;
  @Matches(/^(0|[1-9]\d{0,17})$/) minor!: string;
}

/** @throws Error on a wire that was not validated first. */
export function moneyFrom(wire: WireMoney): Money {
  const parsed = parseMoney(wire);
  if (!parsed.ok) throw new Error(`unvalidated money: ${parsed.refusal.code}`);
  return parsed.value;
}

/** @throws Error on a text that was not validated first. */
export function methodFrom(text: string): Method {
  const parsed = parseMethod(text);
  if (!parsed.ok) throw new Error(`unvalidated method: ${parsed.refusal.code}`);
  return parsed.value;
}

const INSTRUMENT = 'wechat_pay|alipay|cloud_quickpass|bank_app:[0-9A-Za-z]{1,16}';
const METHOD = new RegExp(
  `^(${PROVIDERS.join('|')})/(${INSTRUMENT})/(${PRESENTATIONS.join('|')})$`,
);

export const IsIdOf = (kind: keyof typeof idPatterns) =>
  applyDecorators(IsString(), Matches(idPatterns[kind]));

export const IsMethodText = () => applyDecorators(IsString(), Matches(METHOD));

export const IsInstrumentText = () =>
  applyDecorators(IsString(), Matches(new RegExp(`^(${INSTRUMENT})$`)));

/** RFC 3339 in UTC with milliseconds, as `toISOString` writes it: a moment that exists, in one form. */
export const IsInstant = () =>
  IsTextWhere('isInstant', (text) => {
    const at = new Date(text);
    return !Number.isNaN(at.getTime()) && at.toISOString() === text;
  });

/** A day that exists, `2026-11-24`. */
export const IsCalendarDay = () =>
  IsTextWhere('isCalendarDay', (text) => {
    const at = new Date(`${text}T00:00:00.000Z`);
    return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
  });

export const IsMoney = () => IsOne(() => WireMoney);

/** Where a browser goes after paying. */
export const IsReturnUrl = () =>
  applyDecorators(
    MaxLength(2048),
    IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false }),
  );

/** A compact JWE to one gateway's key: what it needs of the payer, opaque to everybody else. */
export const IsSealed = () => applyDecorators(IsString(), Length(1, 4096));

/** A reason in words of a closed or stored list: short, printable, never a person's data. */
export const IsReason = () => applyDecorators(IsString(), IsNotEmpty(), MaxLength(200));

const ACTION_TYPES = ['qr', 'redirect', 'app', 'mini_program'] as const;
const ofType = (...types: readonly string[]) =>
  ValidateIf((a: WireAction) => types.includes(a.type));

/** What an app or mini program is started with: texts by name. */
const IsParameters = () =>
  ValidateBy({
    name: 'isParameters',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.values(value).every((text) => typeof text === 'string' && text.length <= 4096),
    },
  });

/** What the payer is shown; which field is there follows from `type`. */
export class WireAction {
  @IsIn(ACTION_TYPES) type!: Action['type'];
  @ofType('qr') @IsString() @Length(1, 2048) content?: string | undefined;
  @ofType('redirect') @IsString() @Length(1, 4096) url?: string | undefined;
  @ofType('app', 'mini_program') @IsParameters() parameters?: Record<string, string> | undefined;
  @IsInstant() validUntil!: string;
}

export function actionFrom(wire: WireAction): Action {
  const validUntil = new Date(wire.validUntil);
  switch (wire.type) {
    case 'qr':
      return { type: 'qr', content: wire.content ?? '', validUntil };
    case 'redirect':
      return { type: 'redirect', url: wire.url ?? '', validUntil };
    case 'app':
    case 'mini_program':
      return { type: wire.type, parameters: wire.parameters ?? {}, validUntil };
  }
}

export const actionToWire = (action: Action): WireAction => ({
  ...action,
  validUntil: action.validUntil.toISOString(),
});

export const optionalDate = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text);
