import type { Adapter } from "oidc-provider";
import { findPresentedGrant } from "../store/grants.ts";
import type { Store } from "../store/store.ts";
import { checkGrant } from "./check-grant.ts";

/**
 * The engine's view of our grants. It reads them and may end one; they are made by `finish` of the interactions only.
 */
export function createGrantAdapter(deps: {
  store: Store;
  now: () => number;
  end: (grantId: string) => Promise<void>;
}): Adapter {
  return {
    find: async (grantId) => {
      const grant = await findPresentedGrant(deps.store.db, grantId);
      const now = deps.now();
      if (grant === null || checkGrant(grant, now) !== null) return undefined;
      // The engine compares with the clock of the process.
      const clock = Math.floor(Date.now() / 1_000);
      return {
        jti: grantId,
        kind: "Grant",
        accountId: grant.keyId ?? grant.userId,
        clientId: grant.clientId,
        resources: { [grant.resource]: grant.scopes.join(" ") },
        iat: clock,
        exp: clock + Math.ceil((grant.expiresAt - now) / 1_000),
      };
    },
    upsert: () => Promise.reject(new Error("Grants are not made by the engine.")),
    destroy: (grantId) => deps.end(grantId),
    consume: async () => undefined,
    revokeByGrantId: async () => undefined,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
  };
}
