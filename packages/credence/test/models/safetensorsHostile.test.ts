import { describe, expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "../../src/models/safetensors.js";
import { frame, readForeign, refusal, tiny } from "./safetensorsFiles.js";

const utf8 = new TextEncoder();
const oneTensor = (fields: string) => `{"t":{${fields}}}`;
const f32 = (shape: string, start: number, end: number) =>
  `"dtype":"F32","shape":${shape},"data_offsets":[${start},${end}]`;

describe("hostile files", () => {
  const data8 = new Uint8Array(8);
  const attacks: Record<string, [file: Uint8Array, message: RegExp]> = {
    "nothing at all": [new Uint8Array(), /it has 0 bytes/],
    "a header of 2^64 - 1 bytes": [frame("{}", data8, 2n ** 64n - 1n), /18446744073709551615 bytes/],
    "a header of 2^53 + 1 bytes, which a number rounds": [frame("{}", data8, 2n ** 53n + 1n), /9007199254740993 bytes/],
    "a header beyond 1 MB, though it is there": [frame("{}".padEnd(1_000_001)), /1000001 bytes/],
    "a header longer than the file": [frame("{}", data8, 11n), /cut short/],
    "no header": [frame(""), /does not start/],
    "a header of length 0 before other bytes": [frame("", utf8.encode("{}")), /does not start/],
    "white space before the header": [frame(" {}"), /does not start/],
    "a byte order mark": [frame("\ufeff{}"), /does not start/],
    "an array for a header": [frame("[]"), /does not start/],
    "bytes that are not UTF-8": [frame(Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d)), /not UTF-8/],
    "a lone surrogate in an escape": [frame('{"\\ud800":{}}'), /not valid Unicode/],
    "JSON that ends early": [frame('{"t":{'), /its end at character 7/],
    "a string that never ends": [frame('{"t\\"'), /closing double quote/],
    "a control character in a string": [frame('{"a\nb":{}}'), /JSON string/],
    "an unknown escape": [frame('{"\\x":{}}'), /JSON string/],
    "a trailing comma": [frame('{"__metadata__":{},}'), /a name in double quotes/],
    "JSON after the JSON": [frame("{} {}"), /nothing after/],
    "zeros after the JSON": [frame("{}\0\0"), /nothing after/],
    "nesting of 100,000 levels": [frame(`{"t":${"[".repeat(100_000)}`), /nests deeper than 4/],
    "nesting of five levels": [frame('{"t":{"shape":[[[1]]]}}'), /nests deeper than 4/],
    "a tensor twice": [frame(`{"t":{${f32("[1]", 0, 4)}},"t":{${f32("[1]", 4, 8)}}}`, data8), /"t" twice/],
    "a tensor twice, once in escapes": [frame(`{"t":{${f32("[1]", 0, 4)}},"\\u0074":{}}`), /"t" twice/],
    "the metadata twice": [frame('{"__metadata__":{},"__metadata__":{}}'), /"__metadata__" twice/],
    "a metadata key twice": [frame('{"__metadata__":{"a":"1","a":"2"}}'), /"a" twice/],
    "a field of a tensor twice": [frame(oneTensor(`"dtype":"F32",${f32("[]", 0, 4)}`)), /"dtype" twice/],
    "the tensor __proto__": [frame(`{"__proto__":{${f32("[]", 0, 4)}}}`, new Uint8Array(4)), /"__proto__" cannot/],
    "a path through constructor": [
      frame(`{"a.constructor/b":{${f32("[]", 0, 4)}}}`, new Uint8Array(4)),
      /cannot be used/,
    ],
    "the metadata key prototype": [frame('{"__metadata__":{"prototype":"x"}}'), /"prototype" cannot/],
    "the field __proto__ in a tensor": [
      frame(oneTensor(`"__proto__":1,"shape":[],"data_offsets":[0,0]`)),
      /fields of a tensor/,
    ],
    "metadata that is no object": [frame('{"__metadata__":[]}'), /not an object/],
    "metadata that is no text": [frame('{"__metadata__":{"a":1}}'), /"a" is not a string/],
    "a nameless tensor": [frame(`{"":{${f32("[]", 0, 4)}}}`, new Uint8Array(4)), /cannot be used/],
    "a name of 513 characters": [frame(`{"${"n".repeat(513)}":{}}`), /cannot be used/],
    "5,000 tensors": [
      frame(`{${Array.from({ length: 5000 }, (_, i) => `"${i}":{${f32("[0]", 0, 0)}}`).join()}}`),
      /5000 tensors/,
    ],
    "a tensor that is a number": [frame('{"t":1}'), /fields of a tensor/],
    "a tensor without a shape": [frame(oneTensor('"dtype":"F32","data_offsets":[0,0]')), /fields of a tensor/],
    "a tensor with a field too many": [frame(oneTensor(`${f32("[0]", 0, 0)},"x":1`)), /fields of a tensor/],
    "an unknown dtype": [frame(oneTensor('"dtype":"F16","shape":[2],"data_offsets":[0,4]'), data8), /dtype "F16"/],
    "a dtype in a list": [frame(oneTensor('"dtype":["F32"],"shape":[2],"data_offsets":[0,8]'), data8), /not a string/],
    "a negative dimension": [frame(oneTensor(f32("[-1]", 0, 4)), data8), /has "-1\]/],
    "a fractional dimension": [frame(oneTensor(f32("[0.5]", 0, 2)), data8), /has "0.5/],
    "a dimension in exponent form": [frame(oneTensor(f32("[2e0]", 0, 8)), data8), /has "2e0/],
    "a dimension with a leading zero": [frame(oneTensor(f32("[02]", 0, 8)), data8), /has "02/],
    "a dimension of 2^53": [frame(oneTensor(f32("[9007199254740992]", 0, 8)), data8), /has "90071/],
    "a dimension of 10^30": [frame(oneTensor(f32("[1000000000000000000000000000000]", 0, 8)), data8), /has "1000/],
    "a dimension that is text": [frame(oneTensor(f32('["2"]', 0, 8)), data8), /another form/],
    "a dimension that is null": [frame(oneTensor(f32("[null]", 0, 8)), data8), /has "null/],
    "a shape that is a number": [frame(oneTensor(f32("2", 0, 8)), data8), /another form/],
    "nine dimensions": [frame(oneTensor(f32("[1,1,1,1,1,1,1,1,2]", 0, 8)), data8), /9 dimensions/],
    "2^32 by 2^32, which 64 bits count as 0": [frame(oneTensor(f32("[4294967296,4294967296]", 0, 0))), /2\^53/],
    "an overflow behind a zero": [frame(oneTensor(f32("[0,4294967296,4294967296]", 0, 0))), /2\^53/],
    "a shape larger than its bytes": [frame(oneTensor(f32("[1000000000]", 0, 8)), data8), /has 8 bytes/],
    "offsets far beyond the file": [frame(oneTensor(f32("[1000000000]", 0, 4_000_000_000)), data8), /cut short/],
    "offsets that run backwards": [frame(oneTensor(f32("[2]", 8, 0)), data8), /has -8 bytes/],
    "one offset": [frame(oneTensor('"dtype":"F32","shape":[2],"data_offsets":[8]'), data8), /another form/],
    "three offsets": [frame(oneTensor('"dtype":"F32","shape":[2],"data_offsets":[0,8,8]'), data8), /another form/],
    "overlapping tensors": [frame(`{"a":{${f32("[2]", 0, 8)}},"b":{${f32("[1]", 4, 8)}}}`, data8), /starts at byte 4/],
    "the same bytes twice": [frame(`{"a":{${f32("[2]", 0, 8)}},"b":{${f32("[2]", 0, 8)}}}`, data8), /starts at byte 0/],
    "a hole between tensors": [
      frame(`{"a":{${f32("[1]", 0, 4)}},"b":{${f32("[1]", 8, 12)}}}`, new Uint8Array(12)),
      /starts at byte 8/,
    ],
    "a hole before the first": [frame(oneTensor(f32("[1]", 4, 8)), data8), /starts at byte 4/],
    "an empty tensor inside another": [
      frame(`{"a":{${f32("[2]", 0, 8)}},"b":{${f32("[0]", 4, 4)}}}`, data8),
      /starts at byte 4/,
    ],
    "bytes after the last tensor": [frame(oneTensor(f32("[1]", 0, 4)), data8), /4 bytes follow/],
    "bytes after no tensor": [frame("{}", data8), /8 bytes follow/],
    "a BOOL of 2": [
      frame(oneTensor('"dtype":"BOOL","shape":[1],"data_offsets":[0,1]'), Uint8Array.of(2)),
      /another byte than 0 and 1/,
    ],
  };

  test.each(Object.entries(attacks))("%s", (_, [bytes, message]) => {
    expect(refusal(() => readForeign(bytes))).toMatch(message);
  });

  test("no attack leaves a mark on objects", () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    for (const [bytes] of Object.values(attacks)) refusal(() => readForeign(bytes));
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });

  test("a checksum that moved from its place is no checksum", () => {
    const bytes = frame('{"__metadata__":{"a":"","credence.crc32":"00000000"}}');
    expect(refusal(() => readSafetensors(bytes))).toMatch("no checksum");
    expect(readForeign(bytes).metadata).toEqual(new Map([["a", ""]]));
  });

  test("a header of 1 MB takes under 100 ms", () => {
    const quotes = '\\"'.repeat(499_000);
    const bytes = frame(`{"__metadata__":{"a":"${quotes}"}}`);
    const started = performance.now();
    expect(readForeign(bytes).metadata.get("a")?.length).toBe(499_000);
    expect(performance.now() - started).toBeLessThan(100 * 5); // a loaded machine may take five times as long
  });

  test("NaN and infinity are kept, or refused where the caller says so", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const bytes = writeSafetensors(new Map([["w", { dtype: "F64", shape: [1], data: Float64Array.of(value) }]]), {});
      expect(readSafetensors(bytes).tensors.get("w")?.data[0]).toBe(value);
      expect(refusal(() => readSafetensors(bytes, { finite: true }))).toMatch("NaN or infinity");
    }
    expect(readSafetensors(writeSafetensors(tiny, {}), { finite: true }).tensors).toEqual(tiny);
  });
});
