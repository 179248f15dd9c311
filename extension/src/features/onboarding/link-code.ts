import { pairingCodeSchema } from "@agent-personas/shared/api/devices";

/** What a person pastes: the relay's code and, from a paired browser, the fingerprint of that browser's key. */
export type PastedCode = { code: string; fingerprint: string | null };

const CODE_LENGTH = 26;
const FINGERPRINT = /^[a-z2-7]{20}$/u;

/**
 * A link's code with the fingerprint of the browser that made it. The person carries it to the other browser past
 * the relay, which therefore cannot put another key in its place.
 */
export const withFingerprint = (code: string, fingerprint: string): string => `${code}-${fingerprint.toLowerCase()}`;

/** Reads what `withFingerprint` made, or a code alone; dashes and case are ignored. Null when it is neither. */
export function readPastedCode(text: string): PastedCode | null {
  const plain = text.replaceAll(/[\s-]/gu, "").toLowerCase();
  const code = pairingCodeSchema.safeParse(plain.slice(0, CODE_LENGTH));
  const rest = plain.slice(CODE_LENGTH);
  if (!code.success || (rest !== "" && !FINGERPRINT.test(rest))) return null;
  return { code: code.data, fingerprint: rest === "" ? null : groups(rest.toUpperCase()) };
}

/** In groups of four, as fingerprints are written. */
const groups = (text: string): string => (text.match(/.{4}/gu) ?? []).join("-");
