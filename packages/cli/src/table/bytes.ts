/** The bytes of a table: from a file or from stdin, unpacked, and known to be UTF-8 text. */
import { isUtf8 } from "node:buffer";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { fail } from "../errors.js";
import { count, nearestName, quote } from "./words.js";

/** 2 GiB of unpacked text, so that a small hostile file cannot take all memory. */
const MAX_UNPACKED = 2 ** 31;

/** @param source a path, or "-" for `stdin`. @throws UsageError when there is no readable file of that name */
export async function readBytes(source: string, stdin: AsyncIterable<Uint8Array>): Promise<Buffer> {
  if (source === "-") {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stdin) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
  try {
    return await readFile(source);
  } catch (cause) {
    return failToRead(source, cause as NodeJS.ErrnoException);
  }
}

async function failToRead(source: string, cause: NodeJS.ErrnoException): Promise<never> {
  const allowed = "a CSV or TSV file, plain or .gz, or - for standard input";
  switch (cause.code) {
    case "ENOENT":
    case "ENOTDIR": {
      const near = await nearestFile(source);
      const mend = near === undefined ? "check the path" : `did you mean ${quote(near)}?`;
      return fail({ given: `there is no file ${quote(source)}`, allowed, mend }, { cause });
    }
    case "EISDIR":
      return fail({ given: `${quote(source)} is a directory`, allowed, mend: "name a file in it" }, { cause });
    case "EACCES":
    case "EPERM":
      return fail({ given: `${quote(source)} may not be read`, allowed, mend: "change its permissions" }, { cause });
    default:
      return fail({ given: `${quote(source)} cannot be read: ${cause.message}`, allowed }, { cause });
  }
}

async function nearestFile(source: string): Promise<string | undefined> {
  const folder = path.dirname(source);
  const names = await readdir(folder).catch(() => []); // a folder that cannot be listed has nothing to suggest
  const near = nearestName(path.basename(source), names);
  return near === undefined ? undefined : path.join(folder, near);
}

/** How messages call the source. */
export function labelOf(source: string): string {
  return source === "-" ? "standard input" : quote(source);
}

/** Unpacks what begins as gzip does, whatever its name. @throws UsageError when it is damaged */
export async function unpack(label: string, bytes: Buffer): Promise<Buffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_UNPACKED });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const given =
      code === "ERR_BUFFER_TOO_LARGE"
        ? `${label} unpacks to more than 2 GiB`
        : `${label} begins as a gzip file but cannot be unpacked: ${message}`;
    return fail({ given, allowed: "a whole gzip file of at most 2 GiB unpacked", mend: "pack it again" }, { cause });
  }
}

/** The text's bytes, without a byte order mark. @throws UsageError when they are not UTF-8 text */
export function checkText(label: string, bytes: Buffer): Buffer {
  const allowed = "text in UTF-8";
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    fail({ given: `${label} is UTF-16`, allowed, mend: "save it as CSV UTF-8" });
  }
  if (bytes.subarray(0, 4).equals(Buffer.from("PK\x03\x04"))) {
    fail({ given: `${label} is a zip archive or a spreadsheet`, allowed, mend: "save the sheet as CSV UTF-8" });
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    fail({ given: `${label} is not text: byte ${nul + 1} is 0`, allowed, mend: "save it as CSV UTF-8" });
  }
  if (!isUtf8(bytes)) failAtByte(label, bytes);
  const hasMark = bytes.subarray(0, 3).equals(Buffer.from("\ufeff"));
  return hasMark ? bytes.subarray(3) : bytes;
}

function failAtByte(label: string, bytes: Buffer): never {
  let start = 0;
  let line = 1;
  // no UTF-8 character holds the byte of a line feed, so lines can be judged alone
  for (let end = lineEnd(bytes, start); isUtf8(bytes.subarray(start, end)); end = lineEnd(bytes, start)) {
    start = end;
    line++;
  }
  const text = bytes.subarray(start, lineEnd(bytes, start));
  const decoded = Buffer.from(text.toString("utf8")); // equal up to the first byte that had to be replaced
  const differs = text.findIndex((byte, index) => byte !== decoded[index]);
  const offset = differs < 0 ? text.length - 1 : differs; // cut short so that it looks like the replacement character
  const found = (text[offset] as number).toString(16).toUpperCase().padStart(2, "0");
  return fail({
    given: `${label} is not UTF-8: line ${line}, byte ${offset + 1} is 0x${found} (${count(start + offset, "byte")} into the file)`,
    allowed: "text in UTF-8",
    mend: "save it as CSV UTF-8, or: iconv -f WINDOWS-1252 -t UTF-8 old.csv > new.csv",
  });
}

/** Where the next line starts. */
function lineEnd(bytes: Buffer, start: number): number {
  const feed = bytes.indexOf(10, start);
  return feed < 0 ? bytes.length : feed + 1;
}
