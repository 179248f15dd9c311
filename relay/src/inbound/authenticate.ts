import { isAppError } from "@agent-personas/shared/errors/app-error";
import type { Inbound, RelayDeps } from "../deps.ts";
import { authenticateGrant } from "./authenticate-grant.ts";
import { authenticateKey } from "./authenticate-key.ts";
import { checkQuery } from "./check-query.ts";
import { authenticateExternal } from "./passthrough/authenticate-external.ts";
import type { Principal } from "./principal.ts";
import { readBearer } from "./read-bearer.ts";

type Deps = Pick<
  RelayDeps,
  "config" | "store" | "now" | "personas" | "log" | "authorization" | "foreignTokens" | "limits"
>;

const KEY_START = "ap_";

/**
 * Credentials from the Authorization header: what looks like an access key is one, anything else is a token of ours. The
 * passthrough address takes neither, and no other address takes what foreign issuers made.
 */
export function createInbound(deps: Deps): Inbound {
  return {
    authenticate: async (request) => {
      await checkQuery(deps, request.query);
      // Looking for the way in is no attempt.
      if ((request.authorization ?? "") === "") return identify(deps, request);
      try {
        return await identify(deps, request);
      } catch (error) {
        if (isAppError(error) && error.code === "invalid_token") deps.limits.badCredential(request.address);
        throw error;
      }
    },
  };
}

async function identify(deps: Deps, request: Parameters<Inbound["authenticate"]>[0]): Promise<Principal> {
  const { authorization, endpoint } = request;
  if (endpoint.kind === "passthrough") return authenticateExternal(deps, request);
  const secret = readBearer(authorization);
  if (secret.startsWith(KEY_START)) return authenticateKey(deps, secret);
  return authenticateGrant(deps, secret, endpoint);
}
