import { randomBase32 } from "@agent-personas/shared/primitives/random";
import { sha256Hex } from "@agent-personas/shared/primitives/sha256";

const LENGTH = 26;

/** A new code: 130 bits. `shown` is in groups for people; `hash` is all the relay keeps. */
export async function createPairingCode(): Promise<{ code: string; shown: string; hash: string }> {
  const code = randomBase32(LENGTH);
  return { code, shown: code.replaceAll(/(.{5})(?=.)/gu, "$1-"), hash: await hashPairingCode(code) };
}

/** Codes are random enough that a plain digest cannot be searched. */
export const hashPairingCode = (code: string): Promise<string> => sha256Hex(`pairing:${code}`);
