import { signInCodeSchema, type SignInCode } from "@agent-personas/shared/api/grants";
import type { SessionStore } from "../../lib/session-store.ts";

const KEY = "sign-in-code";

/** The code shown last, in memory only: a popup closes while the person looks at the other screen. */
export type KeptCode = {
  find: (now: number) => Promise<SignInCode | null>;
  keep: (code: SignInCode) => Promise<void>;
  drop: () => Promise<void>;
};

export function createKeptCode(session: Pick<SessionStore, "get" | "set" | "remove">): KeptCode {
  return {
    find: async (now) => {
      const parsed = signInCodeSchema.safeParse(await session.get(KEY));
      return parsed.success && parsed.data.expiresAt > now ? parsed.data : null;
    },
    keep: (code) => session.set(KEY, code),
    drop: () => session.remove(KEY),
  };
}
