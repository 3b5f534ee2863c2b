import { Cursor } from './cursor';
import { malformed, unsupported } from './refusal';

/** A global that a pickle names; it is never looked up. */
export class Global {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  is(module: string, name: string): boolean {
    return this.module === module && this.name === name;
  }
}

/** An object of a class that the pickle names, with the state it was given. */
export class Instance {
  state: Pickled = null;
  constructor(readonly type: Global) {}
}

export type Pickled =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Pickled[]
  | Map<Pickled, Pickled>
  | Global
  | Instance;

/** The only callables of a pickled Booster: they make bytes of bytes, or (protocol 2) of a text with one character per byte. */
const BYTE_MAKERS = ['builtins.bytearray', '__builtin__.bytearray', '_codecs.encode'];
const MARK = Symbol('mark');
/** A Booster takes a dozen opcodes, and about three per feature name; each may allocate. */
const MAX_OPCODES = 1_000_000;
const PROTO = 0x80;
const HIGHEST_PROTOCOL = 5;

export function startsAsPickle(bytes: Uint8Array): boolean {
  return bytes[0] === PROTO && bytes[1] !== undefined && bytes[1] >= 2 && bytes[1] <= HIGHEST_PROTOCOL;
}

/**
 * Reads a pickle of protocol 2 … 5 as data: a machine for the opcodes that a pickled Booster consists of. It calls nothing;
 * the reductions it knows make bytes of bytes. Throws `xgboost.malformed`, and `xgboost.unsupported-pickle` for all else.
 */
export function parsePickle(bytes: Uint8Array): Pickled {
  return new Machine(bytes).run();
}

class Machine {
  readonly #cursor: Cursor;
  readonly #stack: (Pickled | typeof MARK)[] = [];
  readonly #memo = new Map<number, Pickled>();

  constructor(bytes: Uint8Array) {
    this.#cursor = new Cursor(bytes, true);
  }

  run(): Pickled {
    const { u8 } = this.#cursor;
    for (let opcodes = 0; opcodes < MAX_OPCODES; opcodes++) {
      const at = this.#cursor.position;
      const opcode = u8();
      if (opcode === 0x2e) return this.#pop();
      if (!this.#value(opcode) && !this.#structure(opcode))
        throw unsupported(
          'pickle',
          `its pickle uses opcode 0x${opcode.toString(16)} at byte ${at}, which no saved Booster needs`,
        );
    }
    throw malformed(`its pickle has more than ${MAX_OPCODES} opcodes`);
  }

  /** Opcodes that push a constant, or do nothing to the stack. */
  #value(opcode: number): boolean {
    const cursor = this.#cursor;
    switch (opcode) {
      case PROTO:
        cursor.advance(1);
        return true;
      case 0x95: // FRAME
        cursor.advance(8);
        return true;
      case 0x4e: // NONE
        return this.#push(null);
      case 0x88: // NEWTRUE
        return this.#push(true);
      case 0x89: // NEWFALSE
        return this.#push(false);
      case 0x4b: // BININT1
        return this.#push(cursor.u8());
      case 0x4d: // BININT2
        return this.#push(cursor.u16());
      case 0x4a: // BININT
        return this.#push(cursor.i32());
      case 0x8a: // LONG1
        return this.#push(longOf(cursor.take(cursor.u8())));
      case 0x47: // BINFLOAT
        return this.#push(new Cursor(cursor.take(8), false).f64());
      case 0x8c: // SHORT_BINUNICODE
        return this.#push(cursor.text(cursor.u8()));
      case 0x58: // BINUNICODE
        return this.#push(cursor.text(cursor.u32()));
      case 0x8d: // BINUNICODE8
        return this.#push(cursor.text(cursor.count(1)));
      case 0x43: // SHORT_BINBYTES
        return this.#push(cursor.take(cursor.u8()));
      case 0x42: // BINBYTES
        return this.#push(cursor.take(cursor.u32()));
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return this.#push(cursor.take(cursor.count(1)));
      case 0x63: // GLOBAL
        return this.#push(new Global(this.#line(), this.#line()));
      default:
        return false;
    }
  }

  /** Opcodes that build something of what is on the stack, or use the memo. */
  #structure(opcode: number): boolean {
    const cursor = this.#cursor;
    switch (opcode) {
      case 0x28: // MARK
        this.#stack.push(MARK);
        return true;
      case 0x94: // MEMOIZE
        return this.#memoize(this.#memo.size);
      case 0x71: // BINPUT
        return this.#memoize(cursor.u8());
      case 0x72: // LONG_BINPUT
        return this.#memoize(cursor.u32());
      case 0x68: // BINGET
        return this.#recall(cursor.u8());
      case 0x6a: // LONG_BINGET
        return this.#recall(cursor.u32());
      case 0x93: {
        // STACK_GLOBAL
        const name = this.#popText();
        return this.#push(new Global(this.#popText(), name));
      }
      case 0x29: // EMPTY_TUPLE
      case 0x5d: // EMPTY_LIST
        return this.#push([]);
      case 0x7d: // EMPTY_DICT
        return this.#push(new Map());
      case 0x85: // TUPLE1
        return this.#push(this.#popSeveral(1));
      case 0x86: // TUPLE2
        return this.#push(this.#popSeveral(2));
      case 0x87: // TUPLE3
        return this.#push(this.#popSeveral(3));
      case 0x74: // TUPLE
        return this.#push(this.#popToMark());
      case 0x61: // APPEND
        return this.#append(this.#popSeveral(1));
      case 0x65: // APPENDS
        return this.#append(this.#popToMark());
      case 0x73: // SETITEM
        return this.#setItems(this.#popSeveral(2));
      case 0x75: // SETITEMS
        return this.#setItems(this.#popToMark());
      case 0x81: // NEWOBJ
        return this.#newObject();
      case 0x52: // REDUCE
        return this.#reduce();
      case 0x62: // BUILD
        return this.#build();
      default:
        return false;
    }
  }

  #push(value: Pickled): true {
    this.#stack.push(value);
    return true;
  }

  #pop(): Pickled {
    const value = this.#stack.pop();
    if (value === undefined || value === MARK)
      throw malformed('its pickle takes more than it put on the stack');
    return value;
  }

  #popText(): string {
    const value = this.#pop();
    if (typeof value !== 'string') throw malformed('its pickle names a global by something that is no text');
    return value;
  }

  #popSeveral(count: number): Pickled[] {
    return Array.from({ length: count }, () => this.#pop()).reverse();
  }

  #popToMark(): Pickled[] {
    const values: Pickled[] = [];
    for (let value = this.#stack.pop(); value !== MARK; value = this.#stack.pop()) {
      if (value === undefined) throw malformed('its pickle lacks a mark');
      values.push(value);
    }
    return values.reverse();
  }

  #top(): Pickled {
    const value = this.#pop();
    this.#stack.push(value);
    return value;
  }

  #memoize(index: number): true {
    this.#memo.set(index, this.#top());
    return true;
  }

  #recall(index: number): true {
    const value = this.#memo.get(index);
    if (value === undefined) throw malformed(`its pickle recalls entry ${index}, which it never stored`);
    return this.#push(value);
  }

  #append(values: Pickled[]): true {
    const target = this.#top();
    if (!Array.isArray(target)) throw malformed('its pickle appends to something that is no list');
    for (const value of values) target.push(value);
    return true;
  }

  #setItems(values: Pickled[]): true {
    const target = this.#top();
    if (!(target instanceof Map) || values.length % 2 === 1)
      throw malformed('its pickle sets items of something that is no dictionary');
    for (let i = 0; i < values.length; i += 2) target.set(values[i]!, values[i + 1]!);
    return true;
  }

  #newObject(): true {
    const parameters = this.#pop();
    const type = this.#pop();
    if (!(type instanceof Global) || !Array.isArray(parameters) || parameters.length > 0)
      throw unsupported('pickle', 'its pickle makes an object with arguments');
    return this.#push(new Instance(type));
  }

  #reduce(): true {
    const parameters = this.#pop();
    const called = this.#pop();
    const makesBytes = called instanceof Global && BYTE_MAKERS.includes(`${called.module}.${called.name}`);
    if (!makesBytes || !Array.isArray(parameters))
      throw unsupported(
        'pickle',
        `its pickle wants to call ${called instanceof Global ? `${called.module}.${called.name}`.slice(0, 80) : 'something unknown'}`,
      );
    const [content, encoding] = parameters;
    if (content instanceof Uint8Array && parameters.length === 1) return this.#push(content);
    if (typeof content === 'string' && (encoding === 'latin-1' || encoding === 'latin1'))
      return this.#push(Buffer.from(content, 'latin1'));
    throw malformed('its pickle makes a bytearray of something else than bytes');
  }

  #build(): true {
    const state = this.#pop();
    const target = this.#top();
    if (!(target instanceof Instance))
      throw unsupported('pickle', 'its pickle gives a state to something that is no object');
    target.state = state;
    return true;
  }

  #line(): string {
    const { bytes, position } = this.#cursor;
    const end = bytes.subarray(position, position + 200).indexOf(0x0a);
    if (end < 0) throw malformed('a name in its pickle does not end');
    return this.#cursor.text(end + 1).slice(0, -1);
  }
}

/** A whole number in two's complement, little-endian. */
function longOf(bytes: Uint8Array): number {
  let value = 0;
  for (let i = bytes.length - 1; i >= 0; i--) value = value * 256 + bytes[i]!;
  return bytes.length > 0 && bytes[bytes.length - 1]! > 127 ? value - 256 ** bytes.length : value;
}
