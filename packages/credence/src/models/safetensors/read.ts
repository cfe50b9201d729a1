import { crc32 } from "./crc32.js";
import {
  CHECKSUM,
  CHECKSUM_AT,
  checkName,
  elementCount,
  isBoolean,
  type Layout,
  layouts,
  limits,
  METADATA,
  quoted,
  refuse,
  SEALED_HEADER,
  type TensorEntry,
  UNSEALED,
} from "./format.js";
import { type HeaderValue, parseHeader } from "./headerJson.js";

export interface ReadOptions {
  /** Refuse NaN and infinite values; by default they are kept bit for bit. */
  readonly finite?: boolean;
  /** Accept a file without credence's checksum, as other programs write. */
  readonly foreign?: boolean;
}

interface Field {
  readonly name: string;
  readonly layout: Layout;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/**
 * The tensors, in the order of their data, and the metadata of a safetensors file.
 *
 * The bytes may come from anywhere: every number of the header is compared with the bytes there are before anything
 * is taken from it, and nothing in the file is executed. The data is copied, so it is aligned and stays as it is
 * when `bytes` changes.
 *
 * @throws CredenceError `file`: cut short, damaged, not in the format, or beyond its limits (header 1 MB, 4,096 tensors,
 *   names of 512 characters, 8 dimensions)
 * @source https://github.com/huggingface/safetensors, "Format"
 */
export function readSafetensors(
  bytes: Uint8Array,
  { finite = false, foreign = false }: ReadOptions = {},
): { tensors: Map<string, TensorEntry>; metadata: Map<string, string> } {
  const header = headerOf(bytes);
  const root = parseHeader(header.text);
  if (!(root instanceof Map)) return refuse("the header is not an object", "a JSON object");
  const metadata = readMetadata(root.get(METADATA));
  const names = [...root.keys()].filter((name) => name !== METADATA);
  if (names.length > limits.tensors) refuse(`${names.length} tensors`, `at most ${limits.tensors}`);
  const fields = names.map((name) => readField(name, root.get(name) as HeaderValue));
  // a header need not list tensors in the order of their data; the sort is stable, so empty ones keep their place
  fields.sort((a, b) => a.start - b.start || a.end - b.end);
  checkContiguous(fields, bytes.length - header.end);
  if (header.text.startsWith(SEALED_HEADER)) checkSum(bytes, metadata.get(CHECKSUM) ?? "");
  else if (!foreign) refuse("it carries no checksum where credence writes one", "a file that credence wrote");
  metadata.delete(CHECKSUM);
  const tensors = new Map(fields.map((field) => [field.name, copyTensor(bytes, header.end, field, finite)]));
  return { tensors, metadata };
}

function headerOf(bytes: Uint8Array): { text: string; end: number } {
  const isModel = "a safetensors file: the length of its header in 8 bytes, then a JSON object";
  if (bytes.length < 8) refuse(`it has ${bytes.length} bytes`, isModel);
  // BigInt: as a number, a length beyond 2^53 would round
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(limits.headerBytes)) {
    refuse(
      `its header would take ${length} bytes`,
      `${isModel}, at most ${limits.headerBytes} bytes`,
      "give a model file",
    );
  }
  const end = 8 + Number(length);
  if (end > bytes.length) refuse(`it is cut short: ${bytes.length} bytes`, `at least ${end} bytes, as its header says`);
  if (bytes[8] !== 0x7b || end === 8) refuse('its header does not start with "{"', isModel, "give a model file");
  try {
    const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { text: utf8.decode(bytes.subarray(8, end)), end };
  } catch {
    return refuse("its header is not UTF-8", isModel);
  }
}

function readMetadata(value: HeaderValue | undefined): Map<string, string> {
  const metadata = new Map<string, string>();
  if (value === undefined) return metadata;
  if (!(value instanceof Map)) return refuse(`${METADATA} is not an object`, "an object of strings");
  for (const [key, text] of value) {
    checkName(key, "metadata");
    if (typeof text !== "string") return refuse(`metadata ${quoted(key)} is not a string`, "strings");
    metadata.set(key, text);
  }
  return metadata;
}

function readField(name: string, value: HeaderValue): Field {
  checkName(name, "tensor");
  const what = `tensor ${quoted(name)}`;
  const keys = ["dtype", "shape", "data_offsets"];
  if (!(value instanceof Map) || value.size !== keys.length || !keys.every((key) => value.has(key))) {
    return refuse(`${what} does not have the fields of a tensor`, keys.join(", "));
  }
  const dtype = value.get("dtype");
  const layout = typeof dtype === "string" ? layouts.get(dtype) : undefined;
  if (layout === undefined) {
    const given = typeof dtype === "string" ? quoted(dtype) : "that is not a string";
    return refuse(`${what} has a dtype ${given}`, [...layouts.keys()].join(", "));
  }
  const shape = wholeNumbers(value.get("shape"));
  const offsets = wholeNumbers(value.get("data_offsets"));
  const [start, end] = offsets ?? [];
  if (shape === undefined || offsets?.length !== 2 || start === undefined || end === undefined) {
    return refuse(`${what} has a shape or offsets of another form`, "shape: whole numbers; data_offsets: two of them");
  }
  const size = elementCount(name, shape) * layout.width;
  if (size !== end - start) {
    refuse(`${what} of shape [${shape.join(", ")}] has ${end - start} bytes`, `${size} bytes of ${layout.dtype}`);
  }
  return { name, layout, shape, start, end };
}

function wholeNumbers(value: HeaderValue | undefined): readonly number[] | undefined {
  const isList = Array.isArray(value) && value.every((item) => typeof item === "number");
  return isList ? value : undefined;
}

/** No overlap and no hole, so that no byte has two meanings and none has no meaning. */
function checkContiguous(fields: readonly Field[], available: number): void {
  let expected = 0;
  for (const { name, start, end } of fields) {
    if (start !== expected) {
      refuse(
        `tensor ${quoted(name)} starts at byte ${start} of the data`,
        `byte ${expected}, where the one before ends`,
      );
    }
    expected = end;
  }
  if (expected > available)
    refuse(`it is cut short: ${available} bytes of data`, `${expected} bytes, as its header says`);
  if (expected < available) refuse(`${available - expected} bytes follow the last tensor`, "none");
}

function checkSum(bytes: Uint8Array, stated: string): void {
  const before = crc32(new TextEncoder().encode(UNSEALED), crc32(bytes.subarray(0, CHECKSUM_AT)));
  const sum = crc32(bytes.subarray(CHECKSUM_AT + UNSEALED.length), before);
  const found = sum.toString(16).padStart(UNSEALED.length, "0");
  if (stated !== found) {
    refuse(`its bytes have the checksum ${found}`, `${quoted(stated)}, as it states; it was changed or damaged`);
  }
}

function copyTensor(bytes: Uint8Array, base: number, field: Field, finite: boolean): TensorEntry {
  const { name, layout, shape, start, end } = field;
  const copy = new Uint8Array(end - start);
  copy.set(bytes.subarray(base + start, base + end));
  const data = new layout.array(copy.buffer);
  if (layout.dtype === "BOOL" && !isBoolean(data))
    refuse(`tensor ${quoted(name)} holds another byte than 0 and 1`, "0 and 1");
  if (finite && !data.every(Number.isFinite)) {
    refuse(
      `tensor ${quoted(name)} holds NaN or infinity`,
      "finite numbers",
      "train again with a smaller learning rate",
    );
  }
  return { dtype: layout.dtype, shape, data };
}
