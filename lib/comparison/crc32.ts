/** CRC-32 as in IEEE 802.3 and PNG: reflected, polynomial 0xEDB88320, start and final xor 0xFFFFFFFF. */
const table = /* @__PURE__ */ (() => {
  const entries = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    entries[byte] = value;
  }
  return entries;
})();

/** Unsigned 32-bit checksum of all bytes. */
export const crc32 = (bytes: Uint8Array): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
};
