import { endpointUrl } from "@agent-personas/shared/primitives/endpoint";
import type { EndpointAddress, KnownGrant, RelayDeps } from "../deps.ts";
import { findPresentedKey, type PresentedKey } from "../store/access-keys.ts";
import { checkKey } from "./check-key.ts";
import { invalidToken } from "./invalid-token.ts";
import type { Principal } from "./principal.ts";
import { toToolNames } from "./tool-refs.ts";

type Deps = Pick<RelayDeps, "config" | "store" | "now" | "personas" | "authorization">;

/**
 * The principal of an access token that this relay issued. A token of the bare relay also opens the address of the
 * persona that was chosen for it; a persona's own token opens nothing else.
 * @throws AppError `invalid_token`
 */
export async function authenticateGrant(deps: Deps, token: string, endpoint: EndpointAddress): Promise<Principal> {
  if (endpoint.kind === "keys") throw invalidToken("This address takes access keys only.");
  const { grant, scopes } = await deps.authorization.verify(token, audiencesOf(deps.config.publicUrl, endpoint));
  const persona = await deps.personas.byId(grant.personaId);
  if (persona === null) throw invalidToken("The persona of this sign-in is gone.");
  if (endpoint.slug !== null && endpoint.slug !== persona.slug) {
    throw invalidToken("This token is for another address.");
  }
  if (!persona.version.inbound.interactive) {
    throw invalidToken("This persona does not take sign-ins; its owner can switch them on.");
  }
  const key = grant.keyId === null ? null : await loadKey(deps, grant.keyId);
  const granted = grant.scopes.filter((scope) => key?.scopes.includes(scope) !== false);
  const tools = toToolNames(narrowest(grant.tools, key?.tools ?? null), persona.version);
  return {
    kind: "grant",
    id: grant.grantId,
    personaId: grant.personaId,
    executingUserId: grant.userId,
    deviceId: key?.deviceId ?? null,
    scopes: scopes.filter((scope) => granted.includes(scope)),
    tools: tools === null ? null : new Set(tools),
    keyId: grant.keyId,
    forwardedHeaders: {},
  };
}

/** Every form of the bare relay's address is one resource. */
function audiencesOf(publicUrl: string, { slug }: EndpointAddress): string[] {
  const bare = [publicUrl, `${publicUrl}/`, `${publicUrl}/mcp`];
  return slug === null ? bare : [endpointUrl(publicUrl, slug), ...bare];
}

/** What was signed in with a pasted key never outlives it, nor does more than it, however it was changed since. */
async function loadKey(deps: Pick<Deps, "store" | "now">, keyId: KnownGrant["keyId"] & string): Promise<PresentedKey> {
  const key = await findPresentedKey(deps.store.db, { keyId });
  if (key === null) throw invalidToken("The access key that was used to sign in is gone.");
  checkKey(key, deps.now());
  return key;
}

function narrowest(one: readonly string[] | null, other: readonly string[] | null): readonly string[] | null {
  const [first, second] = one === null ? [other, null] : [one, other];
  return first === null ? null : first.filter((ref) => second?.includes(ref) !== false);
}
