/** A seed's numbers, one after another: the same seed throws the same, everywhere. */
export class Dice {
  private thrown = 0;

  constructor(private readonly seed: number) {}

  /** In [0, 1): splitmix32. */
  throw(): number {
    this.thrown += 1;
    let z = (this.seed + Math.imul(this.thrown, 0x9e3779b9)) | 0;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, and without, `below`. */
  below(below: number): number {
    return Math.floor(this.throw() * below);
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }

  /** One of them, as often as its weight says. @throws Error if there is none. */
  oneOf<T extends Readonly<{ weight: number }>>(all: readonly T[]): T {
    let left = this.throw() * all.reduce((sum, { weight }) => sum + weight, 0);
    const found = all.find(({ weight }) => (left -= weight) < 0) ?? all.at(-1);
    if (found === undefined) throw new Error('nothing to choose from');
    return found;
  }
}
