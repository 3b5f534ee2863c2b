import { malformed } from './refusal';

const utf8 = new TextDecoder('utf-8');

/** Walks over untrusted bytes; every read is checked against what remains. */
export class Cursor {
  position = 0;
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly littleEndian: boolean,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  /** Moves on by `size` bytes and returns where they start. */
  advance(size: number): number {
    if (!(size >= 0 && size <= this.remaining))
      throw malformed(`${size} bytes are announced at byte ${this.position} and ${this.remaining} remain`);
    const start = this.position;
    this.position += size;
    return start;
  }

  take(size: number): Uint8Array {
    const start = this.advance(size);
    return this.bytes.subarray(start, start + size);
  }

  text(size: number): string {
    return utf8.decode(this.take(size));
  }

  peek(): number {
    if (this.remaining === 0) throw malformed('it ends too early');
    return this.bytes[this.position]!;
  }

  u8 = (): number => this.bytes[this.advance(1)]!;
  i8 = (): number => this.#view.getInt8(this.advance(1));
  i16 = (): number => this.#view.getInt16(this.advance(2), this.littleEndian);
  u16 = (): number => this.#view.getUint16(this.advance(2), this.littleEndian);
  i32 = (): number => this.#view.getInt32(this.advance(4), this.littleEndian);
  u32 = (): number => this.#view.getUint32(this.advance(4), this.littleEndian);
  /** As a double: exact up to 2^53, and anything above is too large for every count. */
  i64 = (): number => Number(this.#view.getBigInt64(this.advance(8), this.littleEndian));
  f32 = (): number => this.#view.getFloat32(this.advance(4), this.littleEndian);
  f64 = (): number => this.#view.getFloat64(this.advance(8), this.littleEndian);

  /** A 64-bit count of things that take at least `each` bytes, so that no count exceeds what can follow. */
  count(each: number): number {
    const at = this.position;
    const count = this.i64();
    if (!(count >= 0 && count * each <= this.remaining))
      throw malformed(`${count} items are announced at byte ${at} and ${this.remaining} bytes remain`);
    return count;
  }
}
