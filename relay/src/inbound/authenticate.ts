import { AppError } from "@agent-personas/shared/errors/app-error";
import { readAccessKey } from "@agent-personas/shared/oauth/access-key";
import type { Inbound, RelayDeps } from "../deps.ts";
import { findPresentedKey, type PresentedKey } from "../store/access-keys.ts";
import { checkQuery } from "./check-query.ts";
import { toToolNames } from "./key-tools.ts";
import { hashKey } from "./hash-key.ts";

type Deps = Pick<RelayDeps, "store" | "now" | "personas" | "log">;

/** Access keys from the Authorization header. Unknown and malformed ones get the same answer. */
export function createInbound(deps: Deps): Inbound {
  return {
    authenticate: async ({ authorization, query }) => {
      await checkQuery(deps, query);
      const secret = readBearer(authorization);
      const key =
        (await readAccessKey(secret)) === null ? null : await findPresentedKey(deps.store.db, await hashKey(secret));
      if (key === null) throw invalid("This access key is not known to this relay.");
      checkKey(key, deps.now());
      const persona = await deps.personas.byId(key.personaId);
      if (persona === null) throw invalid("The persona of this access key is gone.");
      if (!persona.version.inbound.accessKeys) {
        throw invalid("This persona does not take access keys; its owner can switch them on.");
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
      };
    },
  };
}

function readBearer(authorization: string | undefined): string {
  const header = (authorization ?? "").trim();
  if (header === "") throw invalid("The access key is missing from the Authorization header.");
  const match = /^Bearer +(\S+)$/iu.exec(header);
  if (match === null) throw invalid("The Authorization header must be “Bearer” and the access key.");
  return match[1] ?? "";
}

function checkKey(key: PresentedKey, now: number): void {
  if (key.revokedAt !== null) throw invalid("This access key was revoked.");
  if (key.disabledAt !== null) throw invalid("This access key is disabled; its owner can enable it again.");
  if (key.expiresAt !== null && key.expiresAt <= now) throw invalid("This access key has expired.");
  if (!key.creatorHasDevice) throw invalid("The person who created this access key has no paired browser any more.");
  if (!key.deviceUsable) throw invalid("The browser that this access key names was removed.");
}

const invalid = (reason: string): AppError => new AppError("invalid_token", { detail: { reason } });
