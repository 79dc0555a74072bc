import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import { parseDay } from '../posting/day.js';

/** A day in Beijing: `2026-11-24`. */
export function IsDay(description: string, { required }: { required: boolean }): PropertyDecorator {
  const valid = ValidateBy({
    name: 'isDay',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && parseDay(value) !== undefined,
    },
  });
  const said = ApiProperty({ type: String, format: 'date', description, required });
  return (target, property) => {
    for (const decorate of [valid, said]) decorate(target, property);
  };
}
