import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CredenceError } from "../../src/errors.js";
import { crc32 } from "../../src/models/safetensors/crc32.js";
import { readSafetensors, type TensorEntry, writeSafetensors } from "../../src/models/safetensors.js";
import { frame, readForeign, refusal, tiny } from "./safetensorsFiles.js";

const utf8 = new TextEncoder();
const SEED = 20261120;

describe("a tiny file", () => {
  const golden =
    `{"__metadata__":{"credence.crc32":"be84b77d","note":"é"},` +
    `"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"BOOL","shape":[],"data_offsets":[8,9]}}`;

  // the checksum is Python's: zlib.crc32 of these bytes with "00000000" in its place
  test("has these bytes, in the order given", () => {
    const header = utf8.encode(golden);
    const padding = (8 - (header.length % 8)) % 8;
    const data = Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 1);
    const expected = frame(Uint8Array.of(...header, ...new Uint8Array(padding).fill(0x20)), data);
    expect(writeSafetensors(tiny, { note: "é" })).toEqual(expected);
  });

  test("starts its data where a float64 may start", () => {
    const file = writeSafetensors(tiny, {});
    expect(Number(new DataView(file.buffer).getBigUint64(0, true)) % 8).toBe(0);
  });

  test("keeps names that look like numbers in their order", () => {
    const entry = tiny.get("a") as TensorEntry;
    const names = ["10", "2", "b", "1"];
    const file = writeSafetensors(
      new Map(names.map((name) => [name, entry])),
      new Map([
        ["9", "x"],
        ["1", "y"],
      ]),
    );
    const read = readSafetensors(file);
    expect([...read.tensors.keys()]).toEqual(names);
    expect([...read.metadata.keys()]).toEqual(["9", "1"]);
  });

  test("carries the CRC-32 that zlib computes", () => {
    expect(crc32(utf8.encode("123456789"))).toBe(0xcbf43926); // the check value of the CRC catalogue
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(crc32(b, crc32(a))).toBe(zlibCrc32(Uint8Array.of(...a, ...b)));
      }),
      { seed: SEED },
    );
  });

  test("is read from the middle of a larger buffer, unaligned, and then stands alone", () => {
    const file = writeSafetensors(tiny, {});
    for (let shift = 0; shift < 8; shift++) {
      const buffer = Buffer.alloc(file.length + 16, 0xff);
      buffer.set(file, shift);
      const { tensors } = readSafetensors(buffer.subarray(shift, shift + file.length));
      buffer.fill(0);
      expect(tensors).toEqual(tiny);
    }
  });
});

const bits = fc.constantFrom(0x7fc00001, 0xffc00000, 0x7f800000, 0x80000000, 1); // NaN payloads, infinity, -0, subnormal
const word = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), bits);
const entry: fc.Arbitrary<TensorEntry> = fc
  .tuple(fc.constantFrom("F32", "F64", "I32", "BOOL"), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }))
  .chain(([dtype, shape]) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const words = fc.array(word, { minLength: 2 * length, maxLength: 2 * length });
    return words.map((list): TensorEntry => {
      const raw = Uint32Array.from(list);
      if (dtype === "BOOL") return { dtype, shape, data: Uint8Array.from(raw.subarray(0, length), (x) => x & 1) };
      if (dtype === "F64") return { dtype, shape, data: new Float64Array(raw.buffer) };
      const half = raw.slice(0, length).buffer;
      return dtype === "F32"
        ? { dtype, shape, data: new Float32Array(half) }
        : { dtype: "I32", shape, data: new Int32Array(half) };
    });
  });
const safeName = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
  .filter((name) => !/__proto__|constructor|prototype|__metadata__|credence\.crc32/.test(name));
const file = fc.record({
  tensors: fc.array(fc.tuple(safeName, entry), { maxLength: 6 }).map((list) => new Map(list)),
  metadata: fc.array(fc.tuple(safeName, fc.string({ unit: "grapheme" }))).map((list) => new Map(list)),
});

/** Bytes rather than numbers, because NaN payloads and -0 count. */
const rawBytes = ({ data }: TensorEntry) => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];

/** Puts the right checksum on bytes that were changed, as an attacker would. */
function reseal(bytes: Uint8Array): Uint8Array {
  const at = 8 + '{"__metadata__":{"credence.crc32":"'.length;
  const sealed = Uint8Array.from(bytes);
  if (sealed.length < at + 8) return sealed;
  sealed.set(utf8.encode("00000000"), at);
  sealed.set(utf8.encode(zlibCrc32(sealed).toString(16).padStart(8, "0")), at);
  return sealed;
}

describe("round trip", () => {
  test("every tensor and text comes back bit for bit, and saves to the same bytes", () => {
    fc.assert(
      fc.property(file, ({ tensors, metadata }) => {
        const bytes = writeSafetensors(tensors, metadata);
        const read = readSafetensors(bytes);
        expect([...read.metadata]).toEqual([...metadata]);
        expect([...read.tensors.keys()]).toEqual([...tensors.keys()]);
        for (const [name, original] of tensors) {
          const copy = read.tensors.get(name) as TensorEntry;
          expect({ ...copy, data: rawBytes(copy) }).toEqual({ ...original, data: rawBytes(original) });
          expect(copy.data.constructor).toBe(original.data.constructor);
        }
        expect(writeSafetensors(read.tensors, read.metadata)).toEqual(bytes);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test("a file of another program is read where the caller allows it", () => {
    const header = ` {"w":{"shape":[2],\n"data_offsets":[1,9],"dtype":"F32"},"m":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}} `;
    const bytes = frame(header.trimStart(), Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0x80, 0x3f));
    const { tensors, metadata } = readForeign(bytes);
    expect([...tensors.keys()]).toEqual(["m", "w"]); // in the order of their data
    expect(tensors.get("w")?.data).toEqual(Float32Array.of(0, 1));
    expect(metadata.size).toBe(0);
    expect(refusal(() => readSafetensors(bytes))).toMatch("no checksum");
  });
});

describe("damage", () => {
  interface Damage {
    readonly flips: readonly (readonly [at: number, mask: number])[];
    readonly insert: readonly [at: number, bytes: Uint8Array] | null;
    readonly cut: number | null;
  }

  const flip = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }));
  const heavy: fc.Arbitrary<Damage> = fc.record({
    flips: fc.array(flip, { maxLength: 4 }),
    insert: fc.option(fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 5 })), { freq: 3 }),
    cut: fc.option(fc.nat(), { freq: 3 }),
  });
  const light: fc.Arbitrary<Damage> = flip.map((one) => ({ flips: [one], insert: null, cut: null }));

  function damage(bytes: Uint8Array, { flips, insert, cut }: Damage): Uint8Array {
    let list = [...bytes];
    for (const [at, mask] of flips) list[at % list.length] = (list[at % list.length] as number) ^ mask;
    if (insert !== null) list.splice(insert[0] % list.length, 0, ...insert[1]);
    if (cut !== null) list = list.slice(0, cut % list.length);
    return Uint8Array.from(list);
  }

  test("is refused by name, or left no trace", () => {
    fc.assert(
      fc.property(file, heavy, (model, how) => {
        const bytes = writeSafetensors(model.tensors, model.metadata);
        const changed = damage(bytes, how);
        if (Buffer.compare(bytes, changed) === 0) return;
        expect(refusal(() => readSafetensors(changed))).toMatch(/^model file: /);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test("with a checksum to match, it is refused or saves again to a file that means the same", () => {
    let accepted = 0;
    fc.assert(
      fc.property(file, fc.oneof(light, heavy), (model, how) => {
        const bytes = writeSafetensors(model.tensors, model.metadata);
        const changed = reseal(damage(bytes, how));
        let first: ReturnType<typeof readSafetensors>;
        try {
          first = readSafetensors(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(CredenceError);
          return;
        }
        if (Buffer.compare(bytes, changed) !== 0) accepted++;
        const saved = writeSafetensors(first.tensors, first.metadata);
        const second = readSafetensors(saved);
        expect(second.metadata).toEqual(first.metadata);
        expect([...second.tensors].map(([name, x]) => [name, x.dtype, x.shape, rawBytes(x)])).toEqual(
          [...first.tensors].map(([name, x]) => [name, x.dtype, x.shape, rawBytes(x)]),
        );
      }),
      { seed: SEED, numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(20); // else the second half of the property was never tried
  });

  test("of a single bit, anywhere, is refused", () => {
    const bytes = writeSafetensors(tiny, { config: '{"layers":[8,8]}' });
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const changed = Uint8Array.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      refusal(() => readSafetensors(changed));
    }
  });

  test("by cutting, at any length, is refused; the message says that it is cut short", () => {
    const bytes = writeSafetensors(tiny, {});
    for (let length = 0; length < bytes.length; length++) {
      const message = refusal(() => readSafetensors(bytes.subarray(0, length)));
      expect(message).toMatch(length < 8 ? `it has ${length} bytes` : "cut short");
    }
  });
});

describe("writing refuses what could not be read back", () => {
  const data = Float32Array.of(1);
  const one = (name: string, entry: unknown) => () => writeSafetensors(new Map([[name, entry as TensorEntry]]), {});
  const cases: Record<string, [run: () => unknown, message: RegExp]> = {
    "a name that reaches a prototype": [one("a/__proto__", { dtype: "F32", shape: [1], data }), /cannot be used/],
    "the name of the metadata": [one("__metadata__", { dtype: "F32", shape: [1], data }), /cannot be used/],
    "a lone surrogate in a name": [one("\ud800", { dtype: "F32", shape: [1], data }), /cannot be used/],
    "an unknown dtype": [one("a", { dtype: "F16", shape: [1], data }), /dtype "F16"/],
    "data of another type": [one("a", { dtype: "F64", shape: [1], data }), /holds a Float32Array/],
    "a shape that does not fit": [one("a", { dtype: "F32", shape: [2], data }), /holds 1 elements/],
    "a fractional dimension": [one("a", { dtype: "F32", shape: [0.5, 2], data }), /dimension of 0.5/],
    "a negative dimension": [one("a", { dtype: "F32", shape: [-1, -1], data }), /dimension of -1/],
    "too many dimensions": [one("a", { dtype: "F32", shape: Array(9).fill(1), data }), /9 dimensions/],
    "a BOOL of 2": [one("a", { dtype: "BOOL", shape: [1], data: Uint8Array.of(2) }), /another byte/],
    "metadata that is no text": [() => writeSafetensors(new Map(), { a: 1 as unknown as string }), /not valid text/],
    "a lone surrogate in metadata": [() => writeSafetensors(new Map(), { a: "\udc00" }), /not valid text/],
    "the checksum's own key": [() => writeSafetensors(new Map(), { "credence.crc32": "0" }), /own checksum/],
    "metadata beyond 1 MB": [() => writeSafetensors(new Map(), { a: "x".repeat(1e6) }), /take 1000\d{3} bytes/],
    "too many tensors": [
      () =>
        writeSafetensors(
          new Map(Array.from({ length: 4097 }, (_, i) => [`${i}`, { dtype: "F32", shape: [1], data }])),
          {},
        ),
      /4097 tensors/,
    ],
  };

  test.each(Object.entries(cases))("%s", (_, [run, message]) => {
    expect(refusal(run)).toMatch(message);
  });
});

test("a refusal says what was found, what is allowed and how to mend it", () => {
  const bytes = writeSafetensors(tiny, {});
  bytes[bytes.length - 1] = 0;
  expect(refusal(() => readSafetensors(bytes))).toMatchInlineSnapshot(`
    "model file: its bytes have the checksum 29d19ecd.
      allowed: "5ed6ae5b", as it states; it was changed or damaged
      mend:    copy the file again, or save the model again"
  `);
});
