import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { fieldName } from './field-name.js';
import { problem, type ProblemException } from './problem.js';
import { isInherited } from './readable-json.js';

/** One rejected field: where it is and which rules it broke. What it held is not repeated. */
export type InvalidField = Readonly<{ path: string; rules: readonly string[] }>;

/**
 * Fills and checks request classes. A field that the class does not know is refused, since a
 * misspelt optional one would otherwise be lost in silence.
 */
export const validationPipe = (): ValidationPipe =>
  new ObjectsOnly({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => invalid(errors.flatMap((error) => invalidFields(error, ''))),
  });

/** Of a list, validation would look at each element, so that an empty one would pass for an object. */
class ObjectsOnly extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'query') return super.transform(known(value), metadata);
    if (metadata.type !== 'body') return super.transform(value, metadata);
    if (!isObject(value) || Array.isArray(value)) {
      throw invalid([{ path: '', rules: ['isObject'] }]);
    }
    if (!isShallow(value)) throw invalid([{ path: '', rules: ['isShallow'] }]);
    return super.transform(value, metadata);
  }
}

/** Far more than any body of ours has. What fills and checks classes calls itself at each level. */
const MOST_LEVELS = 32;

/** Level by level, since whoever calls itself at each has no stack for tens of thousands. */
function isShallow(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= MOST_LEVELS; depth += 1) {
    if (level.length === 0) return true;
    level = level.flatMap((one): unknown[] => (isObject(one) ? Object.values(one) : []));
  }
  return false;
}

/** Of a body, `onlyReadableJson` has seen to it. */
function known(query: unknown): unknown {
  const lost = isObject(query) ? Object.keys(query).filter(isInherited) : [];
  if (lost.length === 0) return query;
  throw invalid(lost.map((name) => ({ path: fieldName(name), rules: ['whitelistValidation'] })));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Who needs more of them to mend a request is not mending it. */
const MOST_ERRORS = 32;

/** The problem of a request that can be read and is not valid. */
export const invalid = (errors: readonly InvalidField[]): ProblemException =>
  problem({
    status: 400,
    code: 'invalid_request',
    title: 'The request is not valid',
    errors: errors.slice(0, MOST_ERRORS),
  });

function invalidFields(error: ValidationError, above: string): InvalidField[] {
  const name = fieldName(error.property);
  const path = above === '' ? name : `${above}.${name}`;
  const rules = Object.keys(error.constraints ?? {});
  const own = rules.length === 0 ? [] : [{ path, rules }];
  return [...own, ...(error.children ?? []).flatMap((child) => invalidFields(child, path))];
}
