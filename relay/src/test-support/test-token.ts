import type { Scope } from "@agent-personas/shared/persona/scope";
import { createId } from "@agent-personas/shared/primitives/id";
import { importJWK, SignJWT } from "jose";
import { createSigningKeys } from "../oauth/signing-keys.ts";
import { insertGrant } from "../store/grants.ts";
import type { Store } from "../store/store.ts";

type Issued = {
  personaId: string;
  userId: string;
  /** The resource it is for. */
  audience: string;
  scopes?: readonly Scope[];
  tools?: readonly string[] | null;
  keyId?: string | null;
};

const HOUR_MS = 60 * 60_000;

/** A grant in the store and an access token for it, as the relay at `issuer` would have issued them. */
export async function issueTestToken(store: Store, issuer: string, issued: Issued): Promise<string> {
  const { personaId, userId, audience, scopes = ["read", "write"], tools = null, keyId = null } = issued;
  const now = Date.now();
  const grantId = createId("grant");
  await insertGrant(store.db, {
    grantId,
    personaId,
    userId,
    keyId,
    scopes,
    tools,
    clientId: "client",
    clientName: "Client",
    redirectHost: "client.example",
    resource: audience,
    createdAt: now,
    expiresAt: now + HOUR_MS,
  });
  const { signingKid, privateJwks } = await createSigningKeys({ store, now: () => now }).current();
  const key = privateJwks.find(({ kid }) => kid === signingKid);
  if (key === undefined) throw new Error("The store has no signing key.");
  return new SignJWT({ client_id: "client", grant: grantId, persona: personaId, scope: scopes.join(" ") })
    .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: signingKid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(userId)
    .setJti(grantId)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(await importJWK(key, "RS256"));
}
