import type { AccessKey } from "@agent-personas/shared/api/personas";
import type { KeyRow } from "../store/access-keys.ts";

/** A key as its owner sees it. */
export function renderKey(key: KeyRow, now: number): AccessKey {
  return {
    keyId: key.keyId,
    personaId: key.personaId,
    name: key.name,
    prefix: key.prefix,
    last4: key.last4,
    scopes: [...key.scopes],
    tools: key.tools === null ? null : [...key.tools],
    deviceId: key.deviceId,
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
