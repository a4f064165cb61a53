const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const values = /* @__PURE__ */ (() => {
  const byCode = new Int8Array(128).fill(-1);
  for (let value = 0; value < ALPHABET.length; value++) byCode[ALPHABET.charCodeAt(value)] = value;
  return byCode;
})();

/** RFC 4648 section 5, without padding. */
export const encodeBase64Url = (bytes: Uint8Array): string => {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += ALPHABET[(buffer >>> bits) & 63];
    }
  }
  if (bits > 0) text += ALPHABET[(buffer << (6 - bits)) & 63];
  return text;
};

export interface Base64UrlContent {
  readonly bytes: Uint8Array;
  /** Whether encoding the bytes gives this text again: no single character or bits are left over. */
  readonly canonical: boolean;
}

/** Null if there is a foreign character. What is left over of an incomplete byte is dropped. */
export const decodeBase64Url = (text: string): Base64UrlContent | null => {
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8));
  let length = 0;
  let buffer = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? -1;
    if (value < 0) return null;
    buffer = ((buffer << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = (buffer >>> bits) & 0xff;
    }
  }
  return { bytes, canonical: text.length % 4 !== 1 && (buffer & ((1 << bits) - 1)) === 0 };
};
