import type { SearchSpace } from '../contract';

/** One dimension of the unit cube and the hyperparameter it stands for. */
interface Dimension {
  name: string;
  /** From [0, 1] to the value's text. */
  decode: (u: number) => string;
  /** The middle of what decodes to this text, or `undefined` if the text lies outside. */
  encode: (text: string) => number | undefined;
  /** Number of choices of a categorical hyperparameter, else 0. */
  choices: number;
}

/** A point of the search space: one coordinate in [0, 1] per hyperparameter. */
export type Point = number[];

type Configuration = Record<string, string>;

/** From this ratio of bounds on, `Auto` means logarithmic. */
const WIDE = 1000;

/**
 * Maps hyperparameters to the unit cube and back. Scales are SageMaker's: linear, logarithmic (min > 0) and
 * reverse-logarithmic (0 ≤ x < 1: fine steps near 1).
 */
export class Encoding {
  readonly #dimensions: Dimension[];

  constructor(space: SearchSpace) {
    this.#dimensions = [
      ...space.integers.map((range) => numeric(range, true)),
      ...space.continuous.map((range) => numeric(range, false)),
      ...space.categorical.map(({ Name, Values }) => categorical(Name, Values)),
    ];
  }

  get size(): number {
    return this.#dimensions.length;
  }

  /** Which coordinates are categorical: those have no distance, only same or different. */
  get categorical(): boolean[] {
    return this.#dimensions.map(({ choices }) => choices > 0);
  }

  decode(point: Point): Configuration {
    return Object.fromEntries(this.#dimensions.map(({ name, decode }, i) => [name, decode(point[i]!)]));
  }

  /**
   * The point of a configuration. What it lacks, or what lies outside of ranges that have changed since, comes from
   * `fallback` (hyperparameters that were static then) or is moved to the nearest bound.
   */
  encode(configuration: Configuration, fallback = 0.5): Point {
    return this.#dimensions.map(({ name, encode }) => {
      const text = configuration[name];
      return (text === undefined ? undefined : encode(text)) ?? fallback;
    });
  }

  /** Where a point ends up after being written down: integers and choices have steps. */
  snap(point: Point): Point {
    return this.encode(this.decode(point));
  }
}

function numeric(
  range: { Name: string; MinValue: string; MaxValue: string; ScalingType?: string },
  whole: boolean,
): Dimension {
  const min = Number(range.MinValue);
  const max = Number(range.MaxValue);
  // Every integer gets a cell of its own, the bounds as well.
  const [low, high] = whole ? [min - 0.5, max + 0.5] : [min, max];
  const scale = scaleOf(range.ScalingType, min, max, whole);
  const from = scale.forward(whole && scale !== LINEAR ? Math.max(low, min / 2) : low);
  const to = scale.forward(high);
  const clip = (value: number) => Math.min(Math.max(value, min), max);
  return {
    name: range.Name,
    choices: 0,
    decode: (u) => {
      const value = clip(scale.backward(from + u * (to - from)));
      return whole ? String(Math.round(value)) : decimal(value);
    },
    encode: (text) => {
      const value = Number(text);
      if (Number.isNaN(value)) return undefined;
      return to === from ? 0.5 : (scale.forward(clip(value)) - from) / (to - from);
    },
  };
}

interface Scale {
  forward: (value: number) => number;
  backward: (value: number) => number;
}

const LINEAR: Scale = { forward: (value) => value, backward: (value) => value };
const LOGARITHMIC: Scale = { forward: Math.log, backward: Math.exp };
const REVERSE_LOGARITHMIC: Scale = {
  forward: (value) => -Math.log(1 - value),
  backward: (value) => 1 - Math.exp(-value),
};

function scaleOf(type: string | undefined, min: number, max: number, whole: boolean): Scale {
  if (type === 'Logarithmic' && min > 0) return LOGARITHMIC;
  if (type === 'ReverseLogarithmic' && max < 1 && !whole) return REVERSE_LOGARITHMIC;
  if ((type === undefined || type === 'Auto') && min > 0 && max / min >= WIDE) return LOGARITHMIC;
  return LINEAR;
}

function categorical(name: string, values: string[]): Dimension {
  return {
    name,
    choices: values.length,
    decode: (u) => values[Math.min(Math.floor(u * values.length), values.length - 1)]!,
    encode: (text) => {
      const at = values.indexOf(text);
      return at < 0 ? undefined : (at + 0.5) / values.length;
    },
  };
}

/** A decimal number without an exponent. */
function decimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}
