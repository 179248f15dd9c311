import { createHash } from "node:crypto";
import { canonicalJson } from "@agent-personas/shared/primitives/canonical-json";
import { randomBase62 } from "@agent-personas/shared/primitives/random";
import { errors, type Adapter } from "oidc-provider";
import type { Config } from "../config.ts";
import { findClient, insertClient } from "../store/oauth-clients.ts";
import type { Store } from "../store/store.ts";
import { grantTypes } from "./grant-types.ts";

/** Registered clients in all; the longest unseen ones without a grant make room. */
const CLIENTS = 5_000;

/** Clients that registered themselves. Of a secret only its SHA-256 is kept. */
export function createClientAdapter(deps: {
  config: Pick<Config, "deviceFlow">;
  store: Store;
  now: () => number;
}): Adapter {
  const { config, store, now } = deps;
  return {
    upsert: async (clientId, payload) => {
      const secret = payload.client_secret;
      const metadata = { ...payload, ...(secret === undefined ? {} : { client_secret: hashSecret(secret) }) };
      if (!(await insertClient(store.db, { clientId, metadata, now: now(), cap: CLIENTS }))) {
        throw new errors.InvalidRequest("this server has no room for another client", 503);
      }
    },
    find: async (clientId) => {
      const metadata = await findClient(store.db, clientId);
      // What is offered is the relay's to say, also to a client that registered when it was otherwise.
      return metadata === null ? undefined : { ...metadata, grant_types: grantTypes(config) };
    },
    consume: async () => undefined,
    destroy: async () => undefined,
    revokeByGrantId: async () => undefined,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
  };
}

/**
 * The same public metadata gets the same id, so a client that registers again and again stays one client.
 * A client with a secret is one of its own.
 */
export function clientIdFor(metadata: Readonly<Record<string, unknown>>): string {
  if (metadata["token_endpoint_auth_method"] !== "none") return `client_${randomBase62(22)}`;
  return `client_${createHash("sha256").update(canonicalJson(metadata)).digest("base64url")}`;
}

export const hashSecret = (secret: string): string => createHash("sha256").update(secret).digest("hex");
