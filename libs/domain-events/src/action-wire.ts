import { ValidateBy, ValidateIf } from 'class-validator';
import type { Action } from './action.js';
import { IsOneOf, IsText, saying } from './fields.js';
import { isRecord } from './wire-reader.js';
import { IsInstant } from './wire.js';

const SHOWN = ['qr', 'redirect', 'app', 'mini_program'] as const satisfies Action['type'][];
const TYPES = [...SHOWN, 'wait'] as const satisfies Action['type'][];

const where = (...types: readonly Action['type'][]): PropertyDecorator =>
  ValidateIf((action: WireAction) => types.includes(action.type), {
    context: {
      presence: `where \`type\` is ${types.map((type) => `\`${type}\``).join(' or ')}`,
      where: { properties: { type: { enum: types } } },
    },
  });

const MAX_PARAMETERS = 32;
const MAX_TEXT = 4096;

const IsParameters = (): PropertyDecorator =>
  ValidateBy(
    { name: 'isParameters', validator: { validate: isParameters } },
    saying(`object of at most ${MAX_PARAMETERS} texts by name, each of at most ${MAX_TEXT}`, {
      type: 'object',
      maxProperties: MAX_PARAMETERS,
      additionalProperties: { type: 'string', maxLength: MAX_TEXT },
    }),
  );

function isParameters(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const texts = Object.values(value);
  return (
    texts.length <= MAX_PARAMETERS &&
    texts.every((text) => typeof text === 'string' && text.length <= MAX_TEXT)
  );
}

/** What the payer is shown; which field is there follows from `type`. */
export class WireActionV1 {
  @IsOneOf(SHOWN) type!: (typeof SHOWN)[number];
  @where('qr') @IsText(2048) content?: string | undefined;
  @where('redirect') @IsText(MAX_TEXT) url?: string | undefined;
  @where('app', 'mini_program') @IsParameters() parameters?: Record<string, string> | undefined;
  @IsInstant() validUntil!: string;
}

/** As before; what has nothing to show says so. Written out, since neither may change with the other. */
export class WireAction {
  @IsOneOf(TYPES) type!: Action['type'];
  @where('qr') @IsText(2048) content?: string | undefined;
  @where('redirect') @IsText(MAX_TEXT) url?: string | undefined;
  @where('app', 'mini_program') @IsParameters() parameters?: Record<string, string> | undefined;
  @IsInstant() validUntil!: string;
}

/** @throws Error on a wire that was not validated first. */
export function actionFrom(wire: WireAction): Action {
  const validUntil = new Date(wire.validUntil);
  switch (wire.type) {
    case 'qr':
      return { type: 'qr', content: present(wire.content), validUntil };
    case 'redirect':
      return { type: 'redirect', url: present(wire.url), validUntil };
    case 'app':
    case 'mini_program':
      return { type: wire.type, parameters: { ...present(wire.parameters) }, validUntil };
    case 'wait':
      return { type: 'wait', validUntil };
  }
}

/** Member by member: whatever else the caller's object holds must not reach the wire. */
export function actionToWire(action: Action): WireAction {
  const validUntil = action.validUntil.toISOString();
  switch (action.type) {
    case 'qr':
      return { type: 'qr', content: action.content, validUntil };
    case 'redirect':
      return { type: 'redirect', url: action.url, validUntil };
    case 'app':
    case 'mini_program':
      return { type: action.type, parameters: { ...action.parameters }, validUntil };
    case 'wait':
      return { type: 'wait', validUntil };
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('unvalidated action');
  return value;
}
