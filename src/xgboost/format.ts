const { fround } = Math;

/**
 * The shortest decimal that is exactly this float32 again: `Math.fround(Number(text)) === x`, nearest to `x` among the shortest,
 * as `std::to_chars(float)` chooses its digits. NaN and infinities as JavaScript writes them.
 */
export function float32Text(x: number): string {
  if (!Number.isFinite(x) || x === 0) return Object.is(x, -0) ? '-0' : String(x);
  for (let digits = 1; digits < 9; digits++) {
    const nearest = roundedTo(x, digits);
    if (fround(nearest) === x) return String(nearest);
    // Below a power of two floats lie closer than above: there the nearest decimal may fail and the next one away succeed.
    const next = Number(nextAway(x, digits));
    if (fround(next) === x) return String(next);
  }
  return String(Number(x.toPrecision(9)));
}

/** The nearest decimal of so many digits; of two equally near ones the even one, where `toPrecision` takes the larger. */
function roundedTo(x: number, digits: number): number {
  const [mantissa, exponent] = x.toExponential(digits).split('e');
  const tie = mantissa!.endsWith('5') && Number(`${mantissa}e${exponent}`) === x;
  const below = mantissa!.slice(0, -1).replace(/\.$/, '');
  return tie && /[02468]$/.test(below) ? Number(`${below}e${exponent}`) : Number(x.toPrecision(digits));
}

/** The decimal of so many digits that follows `x` away from zero. */
function nextAway(x: number, digits: number): string {
  const [mantissa, exponent] = Math.abs(x)
    .toExponential(digits - 1)
    .split('e');
  const scaled = Number(mantissa!.replace('.', ''));
  const nearest = Number(`${scaled}e${Number(exponent) - digits + 1}`);
  const away = nearest > Math.abs(x) ? scaled : scaled + 1;
  return `${x < 0 ? '-' : ''}${away}e${Number(exponent) - digits + 1}`;
}

/** Python's `str(float)` of a float32 widened to double: `1.0`, `0.10000000149011612`, `1e-05`, `1e+16`, `nan`, `inf`. */
export function pythonFloat(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  if (x === 0) return Object.is(x, -0) ? '-0.0' : '0.0';
  const [mantissa, exponent] = x.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16)
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const plain = String(x);
  return plain.includes('.') ? plain : `${plain}.0`;
}
