import type { AccessKey } from "@agent-personas/shared/api/personas";
import type { PublishedPersona } from "../deps.ts";
import type { KeyRow } from "../store/access-keys.ts";
import { toToolNames } from "./tool-refs.ts";

/** A key as its owner sees it. */
export function renderKey(key: KeyRow, persona: Pick<PublishedPersona, "version">, now: number): AccessKey {
  return {
    keyId: key.keyId,
    personaId: key.personaId,
    name: key.name,
    prefix: key.prefix,
    last4: key.last4,
    scopes: [...key.scopes],
    tools: toToolNames(key.tools, persona.version),
    deviceId: key.deviceId,
    budget: key.budget,
    state: stateOf(key, now),
    createdAt: key.createdAt,
    expiresAt: key.expiresAt,
    lastUsedAt: key.lastUsedAt,
    lastClient: key.lastClient,
    leakedAt: key.leakedAt,
  };
}

function stateOf(key: KeyRow, now: number): AccessKey["state"] {
  if (key.revokedAt !== null) return "revoked";
  if (key.expiresAt !== null && key.expiresAt <= now) return "expired";
  return key.disabledAt === null ? "active" : "disabled";
}
