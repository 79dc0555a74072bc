import { ValidateIf } from 'class-validator';

/** The field may be left out; `IsOptional` would let `null` in, which no type of ours knows. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);
