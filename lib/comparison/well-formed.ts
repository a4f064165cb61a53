const encoder = new TextEncoder();
// A byte order mark at the start of a prompt is part of the prompt.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8; unpaired surrogates become U+FFFD. */
export const toUtf8 = (text: string): Uint8Array => encoder.encode(text);

/** The text, or null if the bytes are not UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string | null => {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
};

/** The same text with unpaired surrogates replaced by U+FFFD: what UTF-8 can carry. */
export const toWellFormed = (text: string): string => decoder.decode(encoder.encode(text));
