import { isAppError } from "@agent-personas/shared/errors/app-error";
import type { RelayDeps } from "../deps.ts";
import { authenticateKey } from "../inbound/authenticate-key.ts";
import type { Principal } from "../inbound/principal.ts";
import type { PendingSignIn } from "../oauth/interactions.ts";
import type { SignIns } from "./create-sign-ins.ts";
import type { Identity, Notice } from "./progress.ts";

type Deps = Pick<RelayDeps, "store" | "now" | "personas"> & { signIns: SignIns };

/** The holder of a pasted access key: the key, not a person. It opens its own persona only. */
export async function identifyByKey(
  deps: Deps,
  pending: PendingSignIn,
  typed: { key: string; address: string },
): Promise<Identity | Notice> {
  const { keyAttempts } = deps.signIns;
  if (!keyAttempts.begin(typed.address)) return "key_too_many";
  const principal = await readKey(deps, typed.key);
  if (principal === null) return "key_wrong";
  keyAttempts.succeeded(typed.address);
  const persona = await deps.personas.byId(principal.personaId);
  const wanted = pending.personaId ?? principal.personaId;
  if (principal.personaId !== wanted || persona?.version.inbound.interactive !== true) return "key_other_persona";
  if (!pending.scopes.some((scope) => principal.scopes.includes(scope))) return "key_no_scope";
  return { kind: "key", userId: principal.executingUserId, keyId: principal.id };
}

async function readKey(deps: Deps, key: string): Promise<Principal | null> {
  try {
    return await authenticateKey(deps, key.trim());
  } catch (error) {
    if (isAppError(error) && error.code === "invalid_token") return null;
    throw error;
  }
}
