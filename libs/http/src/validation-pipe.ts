import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { problem } from './problem.js';

/** One rejected field: where it is and which rules it broke. What it held is not repeated. */
export type InvalidField = Readonly<{ path: string; rules: readonly string[] }>;

/**
 * Fills and checks request classes. A field that the class does not know is refused, since a
 * misspelt optional one would otherwise be lost in silence.
 */
export const validationPipe = (): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) =>
      problem({
        status: 400,
        code: 'invalid_request',
        title: 'The request is not valid',
        errors: errors.flatMap((error) => invalidFields(error, '')),
      }),
  });

function invalidFields(error: ValidationError, above: string): InvalidField[] {
  const path = above === '' ? error.property : `${above}.${error.property}`;
  const rules = Object.keys(error.constraints ?? {});
  const own = rules.length === 0 ? [] : [{ path, rules }];
  return [...own, ...(error.children ?? []).flatMap((child) => invalidFields(child, path))];
}
