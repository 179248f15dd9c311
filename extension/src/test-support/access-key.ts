import { NO_BUDGET } from "@agent-personas/shared/api/limits";
import type { AccessKey } from "@agent-personas/shared/api/personas";
import { createId } from "@agent-personas/shared/primitives/id";

/** A key that reads, as the relay lists it. */
export const accessKey = (changes: Partial<AccessKey> = {}): AccessKey => ({
  keyId: createId("key"),
  personaId: createId("persona"),
  name: "CI",
  prefix: "ap_abc",
  last4: "wxyz",
  scopes: ["read"],
  tools: null,
  deviceId: null,
  budget: NO_BUDGET,
  state: "active",
  createdAt: 1,
  expiresAt: null,
  lastUsedAt: null,
  lastClient: null,
  leakedAt: null,
  ...changes,
});
