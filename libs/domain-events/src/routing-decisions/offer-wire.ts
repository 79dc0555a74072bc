import { IsListOfTexts, IsText } from '../fields.js';
import { methodText, type Method } from '../method.js';
import { IsMethodText, methodFrom } from '../wire.js';

/** A method the payer may choose, with what to call it. */
export type OfferedMethod = Readonly<{
  method: Method;
  /** What the payer is shown. */
  label: string;
}>;

/** A method left out, with every reason against it, in words a person understands. */
export type RefusedMethod = Readonly<{
  method: Method;
  /** Everything against it, in words a person understands. */
  reasons: readonly string[];
}>;

export class WireOfferedMethod {
  @IsMethodText() method!: string;
  @IsText(64) label!: string;
}

export class WireRefusedMethod {
  @IsMethodText() method!: string;
  @IsListOfTexts({ min: 1, max: 16 }, 200) reasons!: string[];
}

export const offeredFrom = (w: WireOfferedMethod): OfferedMethod => ({
  method: methodFrom(w.method),
  label: w.label,
});

export const refusedFrom = (w: WireRefusedMethod): RefusedMethod => ({
  method: methodFrom(w.method),
  reasons: [...w.reasons],
});

export const offeredToWire = (o: OfferedMethod): WireOfferedMethod => ({
  method: methodText(o.method),
  label: o.label,
});

export const refusedToWire = (r: RefusedMethod): WireRefusedMethod => ({
  method: methodText(r.method),
  reasons: [...r.reasons],
});
