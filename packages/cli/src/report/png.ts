import { crc32, deflateSync } from "node:zlib";

/** Red, green, blue and opacity, 0 to 255 each. */
export type Rgba = readonly [number, number, number, number];

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const INDEXED = 3;

/**
 * A picture with a palette of at most 256 colours as a PNG file: the smallest that browsers take for a heat map.
 *
 * @param indices  one palette index a pixel, row by row from the top, `width * height` of them
 * @source W3C, Portable Network Graphics Specification, sections 5 (chunks) and 11 (IHDR, PLTE, tRNS, IDAT)
 */
export function encodePng(width: number, height: number, indices: Uint8Array, palette: readonly Rgba[]): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, INDEXED, 0, 0, 0], 8); // 8 bits a pixel, deflate, no interlace

  const rows = new Uint8Array(height * (width + 1));
  for (let row = 0; row < height; row++) {
    // the byte before each row names its filter; none suits indexed pictures best
    rows.set(indices.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  return concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Uint8Array.from(palette.flatMap((colour) => colour.slice(0, 3)))),
    chunk("tRNS", Uint8Array.from(palette.map(([, , , opacity]) => opacity))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array()),
  ]);
}

/** The file as an address that needs no request. */
export function dataUri(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const typed = concat([new TextEncoder().encode(type), body]);
  const frame = new DataView(new ArrayBuffer(8));
  frame.setUint32(0, body.length);
  frame.setUint32(4, crc32(typed));
  const bytes = new Uint8Array(frame.buffer);
  return concat([bytes.subarray(0, 4), typed, bytes.subarray(4)]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
