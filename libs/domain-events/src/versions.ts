import { ok, refuse, type Result } from '@hutong/result';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

/** Why bytes are not an event of ours. `detail` names properties and rules, never values. */
export type DecodeRefusal = Readonly<{
  code: 'not_json' | 'envelope_invalid' | 'type_unknown' | 'version_unknown' | 'data_invalid';
  detail: string;
}>;

type Decoder<W> = (data: unknown) => Result<W, DecodeRefusal>;

/**
 * The published wire shapes of one event, oldest first. A shape never changes once published:
 * `lifted` adds the next one together with the way its predecessor becomes it, so that
 * whatever version arrives, the code meets only the newest.
 */
export class Versions<Newest extends object> {
  private constructor(
    private readonly decoders: readonly Decoder<Newest>[],
    /** The class of the newest version. */
    readonly shape: ClassConstructor<Newest>,
  ) {}

  /** Version 1. */
  static first<W extends object>(shape: ClassConstructor<W>): Versions<W> {
    return new Versions([(data) => validated(shape, data)], shape);
  }

  /** The next version. @param lift fills what the older one did not say; it may not fail. */
  lifted<Next extends object>(
    shape: ClassConstructor<Next>,
    lift: (older: Newest) => Next,
  ): Versions<Next> {
    const older = this.decoders.map((decode): Decoder<Next> => (data) => {
      const decoded = decode(data);
      return decoded.ok ? ok(lift(decoded.value)) : decoded;
    });
    return new Versions([...older, (data) => validated(shape, data)], shape);
  }

  /** The version that is written: 1, 2, … */
  get newest(): number {
    return this.decoders.length;
  }

  /** @param data the `data` member of the envelope, unchecked. */
  decode(version: number, data: unknown): Result<Newest, DecodeRefusal> {
    const decode = this.decoders[version - 1];
    return decode === undefined
      ? refuse({ code: 'version_unknown', detail: `v${version} of v1..v${this.newest}` })
      : decode(data);
  }
}

/** Checks untrusted JSON against a wire class. Fields it does not know are dropped, not refused. */
export function validated<W extends object>(
  shape: ClassConstructor<W>,
  data: unknown,
): Result<W, DecodeRefusal> {
  // class-validator throws on null and walks arrays by element: only a plain object may reach it.
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return refuse({ code: 'data_invalid', detail: 'not an object' });
  }
  if (isDeep(data)) return refuse({ code: 'data_invalid', detail: 'nested too deeply' });
  const instance = plainToInstance(shape, data);
  const errors = validateSync(instance, {
    whitelist: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  return errors.length === 0
    ? ok(instance)
    : refuse({ code: 'data_invalid', detail: errors.flatMap((e) => complaints(e, '')).join('; ') });
}

/** Far more than any wire of ours has; class-transformer recurses, and would end with the stack. */
const MAX_DEPTH = 16;

/** Walks level by level instead of recursing, and stops at the limit. */
function isDeep(data: object): boolean {
  let level = [data];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((parent) => Object.values(parent).filter(isObject));
  }
  return false;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function complaints(error: ValidationError, path: string): string[] {
  const here = path === '' ? error.property : `${path}.${error.property}`;
  const own = Object.keys(error.constraints ?? {}).map((rule) => `${here}: ${rule}`);
  return [...own, ...(error.children ?? []).flatMap((child) => complaints(child, here))];
}
