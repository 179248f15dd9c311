import { z } from "zod";
import { randomBase62 } from "./random.ts";

const TIME_LENGTH = 9;
const RANDOM_LENGTH = 22;

/**
 * A new id: `<prefix>_<9 base36 digits of the time in ms><22 base62 characters>`.
 * Ids of one prefix sort by time of making; the 130 random bits make them unguessable.
 */
export function createId(prefix: string, now: number = Date.now()): string {
  return `${prefix}_${now.toString(36).padStart(TIME_LENGTH, "0")}${randomBase62(RANDOM_LENGTH)}`;
}

/** Schema of the ids that `createId(prefix)` makes. */
export const idSchema = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{${TIME_LENGTH}}[0-9A-Za-z]{${RANDOM_LENGTH}}$`, "u"));

export const personaIdSchema = idSchema("persona");
export const slotIdSchema = idSchema("slot");
export const deviceIdSchema = idSchema("device");
export const userIdSchema = idSchema("user");
export const keyIdSchema = idSchema("key");
export const callIdSchema = idSchema("call");
export const grantIdSchema = idSchema("grant");
export const signInIdSchema = idSchema("signin");
export const linkIdSchema = idSchema("link");
