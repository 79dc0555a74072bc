import { ok, refuse, type Result } from '@hutong/result';
import type { ClassConstructor } from 'class-transformer';
import { wireReader, type DecodeRefusal, type WireReader } from './wire-reader.js';

/**
 * The published wire shapes of one event, oldest first. A shape never changes once published:
 * `lifted` adds the next one together with the way its predecessor becomes it, so that
 * whatever version arrives, the code meets only the newest.
 */
export class Versions<Newest extends object> {
  private constructor(
    private readonly readers: readonly WireReader<Newest>[],
    /** The class of each version. */
    readonly shapes: readonly ClassConstructor<object>[],
    /** The class of the newest version. */
    readonly shape: ClassConstructor<Newest>,
  ) {}

  /** Version 1. */
  static first<W extends object>(shape: ClassConstructor<W>): Versions<W> {
    return new Versions([wireReader(shape)], [shape], shape);
  }

  /** The next version. @param lift fills what the older one did not say; it may not fail. */
  lifted<Next extends object>(
    shape: ClassConstructor<Next>,
    lift: (older: Newest) => Next,
  ): Versions<Next> {
    const older = this.readers.map((read): WireReader<Next> => (data) => {
      const wire = read(data);
      return wire.ok ? ok(lift(wire.value)) : wire;
    });
    return new Versions([...older, wireReader(shape)], [...this.shapes, shape], shape);
  }

  /** The version that is written: 1, 2, … */
  get newest(): number {
    return this.readers.length;
  }

  /** @param data the `data` member of the envelope, unchecked. */
  decode(version: number, data: unknown): Result<Newest, DecodeRefusal> {
    const read = this.readers[version - 1];
    return read === undefined
      ? refuse({ code: 'version_unknown', detail: `v${version} of v1..v${this.newest}` })
      : read(data);
  }
}
