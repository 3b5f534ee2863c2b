/*
 * `expf` and `logf` as glibc ≥ 2.27 computes them, which is what XGBoost calls in SageMaker's containers: a table look-up
 * and a short polynomial in double precision, rounded to float once. The method and its constants are those of ARM's
 * optimized routines; both equal glibc 2.36 on an FMA machine for every float32 argument. `Math.fround(Math.exp(x))` differs in the last bit for about one argument in 1600.
 */

const [E0, E1, E2] = [
  (0x1c6af84b912394 * 2 ** -57) / 2 ** 15,
  (0x1ebfce50fac4f3 * 2 ** -55) / 2 ** 10,
  (0x162e42ff0c52d6 * 2 ** -53) / 2 ** 5,
];
/** 32 / ln 2, and the same in two parts whose products with a float are exact: glibc fuses the multiplication and subtraction. */
const STEPS_PER_LN2 = 0x171547652b82fe * 2 ** -47;
const STEPS_HIGH = 0x171547652 * 2 ** -27;
const STEPS_LOW = STEPS_PER_LN2 - STEPS_HIGH;
/** Adding and taking away 1.5 × 2^52 rounds to the nearest whole number, ties to even. */
const ROUND = 2 ** 52 * 1.5;
const OVERFLOW = 0x162e42e * 2 ** -18;
const UNDERFLOW = -0x19fe368 * 2 ** -18;

/** 2^(i/32), correctly rounded. */
const ROOTS = Float64Array.of(
  ...[1, 1.0218971486541166, 1.0442737824274138, 1.0671404006768237, 1.0905077326652577, 1.1143867425958924],
  ...[1.1387886347566916, 1.1637248587775775, 1.189207115002721, 1.215247359980469, 1.241857812073484],
  ...[1.2690509571917332, 1.2968395546510096, 1.3252366431597413, 1.3542555469368927, 1.383909881963832],
  ...[Math.SQRT2, 1.4451808069770467, 1.4768261459394993, 1.5091644275934228, 1.5422108254079407],
  ...[1.5759808451078865, 1.6104903319492543, 1.645755478153965, 1.681792830507429, 1.718619298122478],
  ...[1.7562521603732995, 1.7947090750031072, 1.8340080864093424, 1.8741676341103, 1.9152065613971474],
  1.9571441241754002,
);
const LEAST_EXPONENT = -152;
const POWERS_OF_TWO = Float64Array.from({ length: 290 }, (_, i) => 2 ** (i + LEAST_EXPONENT));

/** e^x in float32; `x` must be a float32. */
export function expf(x: number): number {
  if (x > OVERFLOW) return Number.POSITIVE_INFINITY;
  if (x < UNDERFLOW) return 0;
  if (Number.isNaN(x)) return x;
  const whole = x * STEPS_PER_LN2 + ROUND - ROUND;
  const r = x * STEPS_HIGH - whole + x * STEPS_LOW;
  const scale = ROOTS[whole & 31]! * POWERS_OF_TWO[(whole >> 5) - LEAST_EXPONENT]!;
  return Math.fround(((E0 * r + E1) * (r * r) + (E2 * r + 1)) * scale);
}

const LN2 = 0x162e42fefa39ef * 2 ** -53;
const [L0, L1, L2] = [
  -0x100ea348b88334 * 2 ** -54,
  0x15575b0be00b6a * 2 ** -54,
  -0x1ffffef20a4123 * 2 ** -54,
];

/** 1/c and ln c for the middle c of each sixteenth of [0x1.66p-1, 0x1.66p0). */
const INVERSES = Float64Array.of(
  ...[0x1661ec79f8f3be, 0x1571ed4aaf883d, 0x149539f0f010b0, 0x13c995b0b80385, 0x130d190c8864a5].map(fraction),
  ...[0x125e227b0b8ea0, 0x11bb4a4a1a343f, 0x112358f08ae5ba, 0x10953f419900a7, 0x10000000000000].map(fraction),
  ...[0x1e608cfd9a47ac, 0x1ca4b31f026aa0, 0x1b2036576afce6, 0x19c2d163a1aa2d, 0x1886e6037841ed].map(halved),
  halved(0x1767dcf5534862),
);
const LOGARITHMS = Float64Array.of(
  -0x157bf7808caade * 2 ** -54,
  -0x12bef0a7c06ddb * 2 ** -54,
  -0x101eae7f513a67 * 2 ** -54,
  -0x1b31d8a68224e9 * 2 ** -55,
  -0x16574f0ac07758 * 2 ** -55,
  -0x11aa2bc79c8100 * 2 ** -55,
  -0x1a4e76ce8c0e5e * 2 ** -56,
  -0x11973c5a611ccc * 2 ** -56,
  -0x1252f438e10c1e * 2 ** -57,
  0,
  0x1aa5aa5df25984 * 2 ** -57,
  0x1c5e53aa362eb4 * 2 ** -56,
  0x1526e57720db08 * 2 ** -55,
  0x1bc2860d224770 * 2 ** -55,
  0x11058bc8a07ee1 * 2 ** -54,
  0x14043057b6ee09 * 2 ** -54,
);

function fraction(mantissa: number): number {
  return mantissa * 2 ** -52;
}

function halved(mantissa: number): number {
  return mantissa * 2 ** -53;
}

const TABLE_START = 0x3f330000;
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The natural logarithm in float32; `x` must be a float32. */
export function logf(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const subnormal = x < 2 ** -126;
  float[0] = subnormal ? x * 2 ** 23 : x;
  const ix = bits[0]! - (subnormal ? 23 << 23 : 0);
  const offset = ix - TABLE_START;
  const i = (offset >> 19) & 15;
  const exponent = offset >> 23;
  bits[0] = ix - (offset & 0xff800000);
  const r = float[0]! * INVERSES[i]! - 1;
  const base = LOGARITHMS[i]! + exponent * LN2;
  const r2 = r * r;
  return Math.fround((L0 * r2 + (L1 * r + L2)) * r2 + (base + r));
}
