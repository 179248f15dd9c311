import { isAppError } from "@agent-personas/shared/errors/app-error";
import type { Database } from "../../db/database.ts";
import type { RelayApi } from "../../lib/relay-api.ts";
import type { CommandsOf, Handlers } from "../../messages/handlers.ts";
import type { KeptCode } from "./sign-in-code.ts";
import type { WaitingSignIns } from "./waiting-sign-ins.ts";

/** What a code is good for; the known difference of the clocks can be off by the time an answer took. */
const CODE_MS = 120_000;

/** Signing in on another browser or computer: its code, and this person's Allow or Deny. */
export function createSignInsService(deps: {
  db: Database;
  api: RelayApi;
  kept: KeptCode;
  waiting: WaitingSignIns;
  now: () => number;
}): Handlers<CommandsOf<"sign-ins">> {
  return {
    "sign-ins.code": async ({ fresh }) => {
      if (!fresh) return deps.kept.find(deps.now());
      const { code, expiresAt } = await deps.api.createSignInCode();
      const offset = (await deps.db.relay.get("relay"))?.clockOffset ?? 0;
      const kept = { code, expiresAt: Math.min(expiresAt - offset, deps.now() + CODE_MS) };
      await deps.kept.keep(kept);
      return kept;
    },
    "sign-ins.refresh": async () => {
      await deps.waiting.refresh();
      return null;
    },
    "sign-ins.decide": async ({ signInId, allow }) => {
      try {
        await deps.api.decideSignIn(signInId, allow);
      } catch (error) {
        // Over by now: there is nothing left to decide here either.
        if (isAppError(error) && error.code === "sign_in_not_found") await deps.db.signIns.delete(signInId);
        throw error;
      }
      await deps.db.signIns.delete(signInId);
      return null;
    },
  };
}
