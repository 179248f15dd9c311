import { randomString } from "@agent-personas/shared/primitives/random";

/** Milliseconds. */
const LIFETIME = 2 * 60_000;
const LENGTH = 8;
/** Digits and letters that nobody takes for one another: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. */
const ALPHABET = "34679ACDEFGHJKMNPQRTWXY";
/** Codes that may be open at once, over all devices. */
const OPEN = 10_000;

export type CodeOwner = { userId: string; deviceId: string };

/** Codes that a paired browser shows and its person types on a sign-in page elsewhere. One open code a device. */
export type SignInCodes = {
  /** null when too many are open. */
  issue: (owner: CodeOwner) => { code: string; expiresAt: number } | null;
  /** Uses a typed code up; null when it is wrong, used or too old. */
  use: (typed: string) => CodeOwner | null;
};

export function createSignInCodes({ now }: { now: () => number }): SignInCodes {
  const codes = new Map<string, CodeOwner & { expiresAt: number }>();
  return {
    issue: (owner) => {
      for (const [code, known] of codes) {
        if (known.expiresAt <= now() || known.deviceId === owner.deviceId) codes.delete(code);
      }
      if (codes.size >= OPEN) return null;
      const code = randomString(LENGTH, ALPHABET);
      const expiresAt = now() + LIFETIME;
      codes.set(code, { ...owner, expiresAt });
      return { code: `${code.slice(0, 4)}-${code.slice(4)}`, expiresAt };
    },
    use: (typed) => {
      const code = typed.toUpperCase().replaceAll(/[^0-9A-Z]/gu, "");
      const known = codes.get(code);
      codes.delete(code);
      return known === undefined || known.expiresAt <= now()
        ? null
        : { userId: known.userId, deviceId: known.deviceId };
    },
  };
}
