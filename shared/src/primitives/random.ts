const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** `length` characters drawn evenly from `alphabet` (at most 256 characters) with the platform's CSPRNG. */
export function randomString(length: number, alphabet: string): string {
  const limit = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      // Bytes at or above the limit would favour the alphabet's first characters.
      if (byte < limit && text.length < length) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}

/** Random base62 text: 43 characters carry 256 bits, 22 carry 130. */
export const randomBase62 = (length: number): string => randomString(length, BASE62);

/** Random lower-case base32 text: 5 bits a character. */
export const randomBase32 = (length: number): string => randomString(length, BASE32);

/** Renders the leading bits of `bytes` as `length` base62 characters; for checksums, not for decoding. */
export function toBase62(bytes: Uint8Array, length: number): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = "";
  while (text.length < length) {
    text += BASE62.charAt(Number(value % 62n));
    value /= 62n;
  }
  return text;
}
