/** A stream of uniform numbers in [0, 1), the same on every machine for the same seed. */
export type Random = () => number;

/** Mixes any integers into one 32-bit seed, so that neighbouring seeds give unrelated streams. */
export function mixSeed(...parts: number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash = Math.imul(hash ^ (part | 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** The generator sfc32 (Chris Doty-Humphrey, PractRand), with 32 bits of resolution. */
export function createRandom(...seed: number[]): Random {
  let a = mixSeed(...seed, 1);
  let b = mixSeed(...seed, 2);
  let c = mixSeed(...seed, 3);
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** A standard normal number (Box–Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** `count` of the items, each equally likely, in their order. */
export function sample<T>(items: T[], count: number, random: Random): T[] {
  const picked: T[] = [];
  for (let i = 0; i < items.length && picked.length < count; i++) {
    if (random() * (items.length - i) < count - picked.length) picked.push(items[i]!);
  }
  return picked;
}
