import { randomBase62 } from "@agent-personas/shared/primitives/random";
import type { Adapter } from "oidc-provider";
import type { TokenClaims } from "./verify-token.ts";

/**
 * Lets `/revoke` take our access tokens. They are JWTs, which the engine refuses there and keeps no record of: a
 * verified one is handed to it under a handle that only this process can make, so that the engine's own check of the
 * client still decides.
 */
export function createRevocableTokens(read: (token: string) => Promise<TokenClaims | null>): {
  mark: (token: string) => Promise<string>;
  adapter: Adapter;
} {
  const prefix = `${randomBase62(43)}~`;
  return {
    mark: async (token) => {
      if (token.split(".").length !== 3) return token;
      const claims = await read(token);
      if (claims === null) return "unknown";
      return `${prefix}${claims.grant}~${encodeURIComponent(claims.client_id)}`;
    },
    adapter: {
      find: async (id) => {
        if (!id.startsWith(prefix)) return undefined;
        const [grantId, clientId] = id.slice(prefix.length).split("~");
        if (grantId === undefined || clientId === undefined) return undefined;
        const iat = Math.floor(Date.now() / 1_000);
        return { jti: id, kind: "AccessToken", grantId, clientId: decodeURIComponent(clientId), iat, exp: iat + 60 };
      },
      upsert: async () => undefined,
      findByUid: async () => undefined,
      findByUserCode: async () => undefined,
      consume: async () => undefined,
      destroy: async () => undefined,
      revokeByGrantId: async () => undefined,
    },
  };
}
