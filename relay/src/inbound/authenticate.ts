import type { Inbound, RelayDeps } from "../deps.ts";
import { authenticateGrant } from "./authenticate-grant.ts";
import { authenticateKey } from "./authenticate-key.ts";
import { checkQuery } from "./check-query.ts";
import { readBearer } from "./read-bearer.ts";

type Deps = Pick<RelayDeps, "config" | "store" | "now" | "personas" | "log" | "authorization">;

const KEY_START = "ap_";

/** Credentials from the Authorization header: what looks like an access key is one, anything else is a token. */
export function createInbound(deps: Deps): Inbound {
  return {
    authenticate: async ({ authorization, query, endpoint }) => {
      await checkQuery(deps, query);
      const secret = readBearer(authorization);
      if (secret.startsWith(KEY_START)) return authenticateKey(deps, secret);
      return authenticateGrant(deps, secret, endpoint);
    },
  };
}
