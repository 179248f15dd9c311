import { randomBase62, toBase62 } from "../primitives/random.ts";
import { sha256 } from "../primitives/sha256.ts";

/** `ap_<relay id>_<43 base62 characters>_<checksum>`: 256 random bits; scanners for secrets tell it by its checksum. */
const FORM = /^ap_[0-9A-Za-z]{6}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/u;

export const createRelayId = (): string => randomBase62(6);

export async function createAccessKey(relayId: string): Promise<string> {
  const body = `ap_${relayId}_${randomBase62(43)}`;
  return `${body}_${await checksum(body)}`;
}

/** Whether a text has the form of a key. Says nothing about validity. */
export const isAccessKey = (text: string): boolean => FORM.test(text);

/** What is kept for people to recognise a key: its first nine characters and its last four. */
export const keyHints = (key: string): { prefix: string; last4: string } => ({
  prefix: key.slice(0, 9),
  last4: key.slice(-4),
});

async function checksum(body: string): Promise<string> {
  return toBase62(await sha256(body), 6);
}
