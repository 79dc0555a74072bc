import 'reflect-metadata';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

/**
 * The environment as one wire class whose property names are the variables. An empty variable
 * counts as not set, so that its default applies; variables that the class does not know stay out.
 * @throws Error naming every bad variable at once with what it must be, and never a value.
 */
export function parseEnv<E extends object>(shape: ClassConstructor<E>, env: NodeJS.ProcessEnv): E {
  const given = Object.fromEntries(Object.entries(env).filter(([, text]) => text !== ''));
  const parsed = plainToInstance(shape, given, { exposeUnsetFields: false });
  const errors = validateSync(parsed, {
    whitelist: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  if (errors.length === 0) return parsed;
  const complaints = errors.map((error) => complaint(error, given[error.property] !== undefined));
  throw new Error(`bad configuration: ${complaints.join('; ')}`);
}

/** In the words of the rules: they may name limits and choices, but a value never gets that far. */
function complaint(error: ValidationError, given: boolean): string {
  if (!given) return `${error.property} is missing`;
  return Object.values(error.constraints ?? {}).join(', ') || `${error.property} is not valid`;
}
