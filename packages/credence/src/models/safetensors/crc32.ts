const table = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/**
 * CRC-32 as in gzip and PNG. It finds damage, not forgery: whoever changes a file can change its checksum too.
 *
 * @param bytes  the bytes to add
 * @param before checksum of the bytes that precede them, 0 at the start
 * @returns an unsigned 32-bit number
 * @source ISO 3309; RFC 1952, section 8
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) {
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] as number)) & 0xff] as number);
  }
  return ~crc >>> 0;
}
