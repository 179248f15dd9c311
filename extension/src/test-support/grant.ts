import type { Grant } from "@agent-personas/shared/api/grants";
import { createId } from "@agent-personas/shared/primitives/id";

/** For tests. */
export const grant = (changes: Partial<Grant> = {}): Grant => ({
  grantId: createId("grant"),
  personaId: createId("persona"),
  client: { name: "Cursor", redirectHost: "cursor:" },
  scopes: ["read"],
  tools: null,
  createdAt: 1,
  lastUsedAt: null,
  expiresAt: Number.MAX_SAFE_INTEGER,
  endedForReuseAt: null,
  ...changes,
});
