import type { ClassConstructor } from 'class-transformer';
import { ok, type Result } from '@hutong/result';
import type { Versions } from './versions.js';
import type { DecodeRefusal } from './wire-reader.js';

/** An event as the catalogue and libs/messaging see it: how its newest form is written, how any is read. */
export interface EventDefinition<E extends Readonly<{ type: string }>> {
  /** Name in code, without version: `payment.requested`. */
  readonly type: E['type'];
  /** The version that `encode` writes. */
  readonly version: number;
  /** The wire class of that version: what `data` holds. */
  readonly shape: ClassConstructor<object>;
  /** The wire class of every version that is read, oldest first. */
  readonly shapes: readonly ClassConstructor<object>[];
  /** The `data` member of the envelope, in the newest version. */
  encode(event: E): object;
  /** @param data unchecked; whatever its version, the newest form comes out. */
  decode(version: number, data: unknown): Result<E, DecodeRefusal>;
}

/** What an event file states: its versions, and both ways between wire and code. */
export function defineEvent<E extends Readonly<{ type: string }>, W extends object>(
  spec: Readonly<{
    type: E['type'];
    versions: Versions<W>;
    /** Called with a validated wire: it may assume the class's rules. */
    fromWire: (wire: W) => E;
    toWire: (event: E) => W;
  }>,
): EventDefinition<E> {
  return {
    type: spec.type,
    version: spec.versions.newest,
    shape: spec.versions.shape,
    shapes: spec.versions.shapes,
    encode: spec.toWire,
    decode: (version, data) => {
      const wire = spec.versions.decode(version, data);
      return wire.ok ? ok(spec.fromWire(wire.value)) : wire;
    },
  };
}
