import { crc32 } from "./crc32.js";
import {
  CHECKSUM,
  CHECKSUM_AT,
  checkName,
  elementCount,
  isBoolean,
  layouts,
  limits,
  quoted,
  refuse,
  SEALED_HEADER,
  type TensorEntry,
  UNSEALED,
} from "./format.js";

type Metadata = ReadonlyMap<string, string> | Readonly<Record<string, string>>;

/**
 * The bytes of a safetensors file. The same arguments give the same bytes: tensors and metadata stand in the order given.
 *
 * The metadata gains `credence.crc32`, a CRC-32 of the whole file (its own eight digits counted as zeros), so that
 * damage on the way is found; it is no protection against forgery. Values, NaN and infinity among them, are kept
 * bit for bit. Typed arrays are taken as little-endian, as they are on every machine with WebAssembly.
 *
 * @throws CredenceError `file`: what `readSafetensors` would refuse: names, shapes, sizes, element types
 */
export function writeSafetensors(tensors: ReadonlyMap<string, TensorEntry>, metadata: Metadata): Uint8Array {
  if (tensors.size > limits.tensors)
    refuse(`${tensors.size} tensors`, `at most ${limits.tensors}`, "join some of them");
  const fields = [`${SEALED_HEADER}${UNSEALED}"${metadataFields(metadata)}}`];
  let length = 0;
  for (const [name, entry] of tensors) {
    checkName(name, "tensor");
    checkEntry(name, entry);
    const end = length + entry.data.byteLength;
    const shape = entry.shape.join(",");
    fields.push(
      `${JSON.stringify(name)}:{"dtype":"${entry.dtype}","shape":[${shape}],"data_offsets":[${length},${end}]}`,
    );
    length = end;
  }
  const header = new TextEncoder().encode(`${fields.join(",")}}`);
  const headerBytes = Math.ceil(header.length / 8) * 8; // the data then starts where every element type may
  if (headerBytes > limits.headerBytes) {
    refuse(`names and metadata take ${headerBytes} bytes`, `at most ${limits.headerBytes}`, "shorten the metadata");
  }
  const file = new Uint8Array(8 + headerBytes + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, 8, 8 + headerBytes);
  file.set(header, 8);
  let at = 8 + headerBytes;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  file.set(new TextEncoder().encode(crc32(file).toString(16).padStart(8, "0")), CHECKSUM_AT);
  return file;
}

function metadataFields(metadata: Metadata): string {
  const entries = metadata instanceof Map ? [...metadata] : Object.entries(metadata);
  return entries
    .map(([key, text]: [string, unknown]) => {
      checkName(key, "metadata");
      if (key === CHECKSUM) refuse(`metadata ${quoted(key)} is the file's own checksum`, "any other name", "rename it");
      if (typeof text !== "string" || /\p{Cs}/u.test(text)) {
        refuse(
          `metadata ${quoted(key)} is not valid text`,
          "a string of whole characters",
          "give JSON.stringify(value)",
        );
      }
      return `,${JSON.stringify(key)}:${JSON.stringify(text)}`;
    })
    .join("");
}

function checkEntry(name: string, { dtype, shape, data }: TensorEntry): void {
  const layout = layouts.get(dtype);
  if (layout === undefined) {
    refuse(`tensor ${quoted(name)} has dtype ${quoted(String(dtype))}`, [...layouts.keys()].join(", "), "cast it");
  }
  if (data[Symbol.toStringTag] !== layout.array.name) {
    refuse(
      `tensor ${quoted(name)} of dtype ${dtype} holds a ${data[Symbol.toStringTag]}`,
      layout.array.name,
      "cast it",
    );
  }
  const count = elementCount(name, shape);
  if (count !== data.length) {
    refuse(
      `tensor ${quoted(name)} of shape [${shape.join(", ")}] holds ${data.length} elements`,
      `${count} elements`,
      "give the shape of the data",
    );
  }
  if (dtype === "BOOL" && !isBoolean(data)) {
    refuse(`tensor ${quoted(name)} of dtype BOOL holds another byte than 0 and 1`, "0 and 1", "compare before saving");
  }
}
