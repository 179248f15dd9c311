import { isAccessKey } from "@agent-personas/shared/oauth/access-key";
import type { RelayDeps } from "../deps.ts";
import { findPresentedKey } from "../store/access-keys.ts";
import { checkKey } from "./check-key.ts";
import { hashKey } from "./hash-key.ts";
import { toToolNames } from "./tool-refs.ts";
import { invalidToken } from "./invalid-token.ts";
import type { Principal } from "./principal.ts";

/**
 * The principal of an access key. Unknown and malformed keys get the same answer.
 * @throws AppError `invalid_token`
 */
export async function authenticateKey(
  deps: Pick<RelayDeps, "store" | "now" | "personas">,
  secret: string,
): Promise<Principal> {
  const key = isAccessKey(secret) ? await findPresentedKey(deps.store.db, { keyHash: hashKey(secret) }) : null;
  if (key === null) throw invalidToken("This access key is not known to this relay.");
  checkKey(key, deps.now());
  const persona = await deps.personas.byId(key.personaId);
  if (persona === null) throw invalidToken("The persona of this access key is gone.");
  if (!persona.version.inbound.accessKeys) {
    throw invalidToken("This persona does not take access keys; its owner can switch them on.");
  }
  const tools = toToolNames(key.tools, persona.version);
  return {
    kind: "key",
    id: key.keyId,
    personaId: key.personaId,
    executingUserId: key.creatorId,
    deviceId: key.deviceId,
    scopes: key.scopes,
    tools: tools === null ? null : new Set(tools),
    keyId: key.keyId,
    forwardedHeaders: {},
  };
}
