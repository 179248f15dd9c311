import type { Budget } from "@agent-personas/shared/api/limits";
import type { CreatedKey, KeyExpiry } from "@agent-personas/shared/api/personas";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { createAccessKey, keyHints } from "@agent-personas/shared/oauth/access-key";
import type { Scope } from "@agent-personas/shared/persona/scope";
import { createId } from "@agent-personas/shared/primitives/id";
import type { KnownDevice, RelayDeps } from "../deps.ts";
import { countKeys, insertKey } from "../store/access-keys.ts";
import { insertAudit } from "../store/audit.ts";
import { hashKey } from "./hash-key.ts";
import { toToolRefs } from "./tool-refs.ts";
import { loadOwnKeyPersona } from "./load-own-key.ts";
import { renderKey } from "./render-key.ts";

type Deps = Pick<RelayDeps, "store" | "now" | "personas" | "devices"> & { relayId: string };

const DAY_MS = 24 * 60 * 60_000;
const LIFETIMES: Readonly<Record<KeyExpiry, number | null>> = {
  never: null,
  "30d": 30 * DAY_MS,
  "90d": 90 * DAY_MS,
  "1y": 365 * DAY_MS,
};
const KEYS = 200;

type Request = {
  personaId: string;
  name: string;
  expires: KeyExpiry;
  scopes: readonly Scope[];
  tools: readonly string[] | null;
  deviceId: string | null;
  budget: Budget;
};

/**
 * Makes a key for a persona. The secret is in this answer only.
 * @throws AppError `persona_not_found` | `invalid_request`
 */
export async function createKey(deps: Deps, device: KnownDevice, request: Request): Promise<CreatedKey> {
  const persona = await loadOwnKeyPersona(deps, device, request.personaId);
  const tools = toToolRefs(request.tools, persona.version);
  await checkDevice(deps, device, request.deviceId);
  if ((await countKeys(deps.store.db, request.personaId)) >= KEYS) {
    throw new AppError("invalid_request", { detail: { problem: `a persona has at most ${KEYS} access keys` } });
  }
  const now = deps.now();
  const secret = await createAccessKey(deps.relayId);
  const lifetime = LIFETIMES[request.expires];
  const key = {
    keyId: createId("key", now),
    personaId: request.personaId,
    creatorId: device.userId,
    name: request.name,
    ...keyHints(secret),
    scopes: request.scopes,
    tools,
    deviceId: request.deviceId,
    budget: request.budget,
    createdAt: now,
    expiresAt: lifetime === null ? null : now + lifetime,
  };
  const keyHash = hashKey(secret);
  await deps.store.db.transaction().execute(async (db) => {
    await insertKey(db, { ...key, keyHash });
    await insertAudit(db, {
      at: now,
      userId: device.userId,
      deviceId: device.deviceId,
      event: "key_created",
      subject: key.keyId,
      detail: { scopes: key.scopes, tools: request.tools, budget: key.budget, expiresAt: key.expiresAt },
    });
  });
  const unused = { disabledAt: null, revokedAt: null, leakedAt: null, lastUsedAt: null, lastClient: null };
  return { key: renderKey({ ...key, ...unused }, persona, now), secret };
}

async function checkDevice(deps: Deps, device: KnownDevice, deviceId: string | null): Promise<void> {
  if (deviceId === null) return;
  const named = await deps.devices.find(deviceId);
  if (named?.userId !== device.userId) {
    throw new AppError("invalid_request", { detail: { problem: "the key names a device that is not yours" } });
  }
}
