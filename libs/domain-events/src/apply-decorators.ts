/**
 * Several property decorators as one, so that a wire class reads as a list of fields. Applied last
 * to first, as the language does with those that are written above a property.
 */
export const applyDecorators =
  (...decorators: readonly PropertyDecorator[]): PropertyDecorator =>
  (target, property) => {
    for (const decorate of decorators.toReversed()) decorate(target, property);
  };
