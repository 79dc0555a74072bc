/** x⁸ + x⁴ + x³ + x² + 1, of ISO/IEC 18004. */
const FIELD = 0x11d;

/** The product of two elements of GF(2⁸). */
export function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * FIELD);
    if ((b >>> bit) & 1) product ^= a;
  }
  return product;
}

/** The correction bytes of a block: the remainder of its division by (x − 2⁰) … (x − 2ⁿ⁻¹). */
export function correctionOf(block: readonly number[], count: number): number[] {
  const divisor = generator(count);
  const remainder = Array.from({ length: count }, () => 0);
  for (const byte of block) {
    const factor = byte ^ (remainder.shift() ?? 0);
    remainder.push(0);
    divisor.forEach((coefficient, i) => {
      remainder[i] = (remainder[i] ?? 0) ^ times(coefficient, factor);
    });
  }
  return remainder;
}

/** Coefficients from the second highest power down; the highest is 1. */
function generator(degree: number): number[] {
  let polynomial = [1];
  let root = 1;
  for (let i = 0; i < degree; i += 1) {
    const shifted = [...polynomial, 0];
    polynomial = shifted.map((c, at) => c ^ times(polynomial[at - 1] ?? 0, root));
    root = times(root, 2);
  }
  return polynomial.slice(1);
}
