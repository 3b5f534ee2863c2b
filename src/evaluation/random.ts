/** A seeded generator of 32-bit numbers (Marsaglia's xorshift128), so that the same run gives the same interval. */
export function randomSource(seed: number): () => number {
  // Neighbouring seeds must not give neighbouring states: each word is a multiplicative hash of the seed.
  let [x, y, z, w] = [1, 2, 3, 4].map((i) => scramble((seed | 0) + Math.imul(i, 0x9e3779b9))) as [
    number,
    number,
    number,
    number,
  ];
  if ((x | y | z | w) === 0) w = 1;
  return () => {
    const t = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w >>> 0;
  };
}

function scramble(word: number): number {
  const mixed = Math.imul(word ^ (word >>> 16), 0x45d9f3b);
  return mixed ^ (mixed >>> 15);
}

/** A seed from any text, such as a run id (FNV-1a over UTF-16 units). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A number in 0 … below − 1, without the bias of a remainder. */
export function draw(next: () => number, below: number): number {
  return Math.floor((next() / 2 ** 32) * below);
}
