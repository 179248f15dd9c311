import { SCOPES, type Scope } from "@agent-personas/shared/persona/scope";
import type { RelayDeps } from "../deps.ts";
import { checkKey } from "../inbound/check-key.ts";
import { toToolNames } from "../inbound/tool-refs.ts";
import { findPresentedKey } from "../store/access-keys.ts";
import { findUser } from "../store/users.ts";
import { mayUse } from "./may-use.ts";
import type { Identity } from "./progress.ts";

/** Who signs in, as it is now, and the most that can be allowed in that name. */
export type Account = {
  userId: string;
  /** The pasted key; null for a person. */
  key: { keyId: string; hint: string } | null;
  /** Of the person, or of the key. */
  name: string;
  /** The browser that vouched; null for a key. */
  device: string | null;
  scopes: readonly Scope[];
  /** Exposed names; null for all. */
  tools: ReadonlySet<string> | null;
  /** The one persona a key opens; null for any of the person's. */
  personaId: string | null;
};

type Deps = Pick<RelayDeps, "store" | "now" | "devices" | "personas">;

/** null when the browser or the key was taken away meanwhile. */
export async function loadAccount(deps: Deps, identity: Identity): Promise<Account | null> {
  return identity.kind === "person" ? loadPerson(deps, identity) : loadKey(deps, identity);
}

async function loadPerson(deps: Deps, identity: Identity & { kind: "person" }): Promise<Account | null> {
  const device = await deps.devices.find(identity.deviceId);
  const user = device?.userId === identity.userId ? await findUser(deps.store.db, identity.userId) : null;
  if (device === null || user === null) return null;
  const { userId, name } = user;
  return { userId, key: null, name, device: device.name, scopes: SCOPES, tools: null, personaId: null };
}

async function loadKey(deps: Deps, identity: Identity & { kind: "key" }): Promise<Account | null> {
  const { userId, keyId } = identity;
  const key = await findPresentedKey(deps.store.db, { keyId });
  if (key === null) return null;
  try {
    checkKey(key, deps.now());
  } catch {
    return null;
  }
  const persona = await deps.personas.byId(key.personaId);
  if (!mayUse(persona, userId) || !persona.version.inbound.accessKeys) return null;
  const tools = toToolNames(key.tools, persona.version);
  return {
    userId,
    key: { keyId, hint: `${key.prefix}…${key.last4}` },
    name: key.name,
    device: null,
    scopes: key.scopes,
    tools: tools === null ? null : new Set(tools),
    personaId: key.personaId,
  };
}
