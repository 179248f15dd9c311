import type { AccessKey } from "@agent-personas/shared/api/personas";
import type { Budget } from "@agent-personas/shared/api/limits";
import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Scope } from "@agent-personas/shared/persona/scope";
import type { KnownDevice, RelayDeps } from "../deps.ts";
import { revokeKeyRow, updateKey, type KeyRow } from "../store/access-keys.ts";
import { insertAudit, type AuditEvent } from "../store/audit.ts";
import { toToolNames, toToolRefs } from "./tool-refs.ts";
import { loadOwnKey, loadOwnKeyPersona } from "./load-own-key.ts";
import { renderKey } from "./render-key.ts";

type Deps = Pick<RelayDeps, "store" | "now" | "personas" | "sessions" | "authorization" | "limits">;

type Change = {
  name?: string | undefined;
  scopes?: readonly Scope[] | undefined;
  tools?: readonly string[] | null | undefined;
  budget?: Budget | undefined;
  disabled?: boolean | undefined;
};

/**
 * Changes a key; what it may do holds from its next request. What a disabled key opened ends now: its sessions, and
 * for good what was signed in with it.
 * @throws AppError `key_not_found` | `invalid_request`
 */
export async function editKey(deps: Deps, device: KnownDevice, keyId: string, change: Change): Promise<AccessKey> {
  const key = await loadOwnKey(deps, device, keyId);
  if (key.revokedAt !== null) {
    throw new AppError("invalid_request", { detail: { problem: "a revoked key cannot be changed" } });
  }
  const now = deps.now();
  const persona = await loadOwnKeyPersona(deps, device, key.personaId);
  const next = applyChange(key, change, persona.version, now);
  const toolsOf = ({ tools }: KeyRow) => toToolNames(tools, persona.version);
  await deps.store.db.transaction().execute(async (db) => {
    await updateKey(db, keyId, next);
    for (const event of eventsOf(key, next)) {
      const before = { scopes: key.scopes, tools: toolsOf(key), budget: key.budget };
      const detail = { scopes: next.scopes, tools: toolsOf(next), budget: next.budget, before };
      await insertAudit(db, {
        at: now,
        userId: device.userId,
        deviceId: device.deviceId,
        event,
        subject: keyId,
        detail,
      });
    }
  });
  deps.limits.forget(keyId);
  if (key.disabledAt === null && next.disabledAt !== null) await endAll(deps, keyId);
  return renderKey(next, persona, now);
}

/** Revokes a key for good; its sessions, streams and sign-ins end now. @throws AppError `key_not_found` */
export async function revokeKey(deps: Deps, device: KnownDevice, keyId: string): Promise<void> {
  await loadOwnKey(deps, device, keyId);
  const now = deps.now();
  await deps.store.db.transaction().execute(async (db) => {
    if (!(await revokeKeyRow(db, keyId, now))) return;
    const by = { userId: device.userId, deviceId: device.deviceId };
    await insertAudit(db, { at: now, ...by, event: "key_revoked", subject: keyId, detail: {} });
  });
  await endAll(deps, keyId);
}

async function endAll({ authorization, sessions }: Deps, keyId: string): Promise<void> {
  await authorization.revokeGrantsOfKey(keyId);
  await sessions.closeOfPrincipal(keyId);
}

function applyChange(key: KeyRow, change: Change, version: PersonaVersion, now: number): KeyRow {
  const disabledAt = change.disabled === true ? (key.disabledAt ?? now) : null;
  return {
    ...key,
    name: change.name ?? key.name,
    scopes: change.scopes ?? key.scopes,
    budget: change.budget ?? key.budget,
    tools: change.tools === undefined ? key.tools : toToolRefs(change.tools, version),
    disabledAt: change.disabled === undefined ? key.disabledAt : disabledAt,
  };
}

function eventsOf(before: KeyRow, after: KeyRow): AuditEvent[] {
  const events: AuditEvent[] = [];
  if (!allows(before, after)) events.push("key_widened");
  if (!allows(after, before)) events.push("key_narrowed");
  if (before.disabledAt === null && after.disabledAt !== null) events.push("key_disabled");
  if (before.disabledAt !== null && after.disabledAt === null) events.push("key_enabled");
  return events;
}

/** Whether what `inner` may do, `outer` may do as well. */
const allows = (outer: KeyRow, inner: KeyRow): boolean =>
  covers(outer.scopes, inner.scopes) &&
  toolsCover(outer.tools, inner.tools) &&
  atLeast(outer.budget.calls, inner.budget.calls) &&
  atLeast(outer.budget.cents, inner.budget.cents);

const atLeast = (outer: number | null, inner: number | null): boolean =>
  outer === null || (inner !== null && outer >= inner);

const covers = (outer: readonly string[], inner: readonly string[]): boolean =>
  inner.every((member) => outer.includes(member));

function toolsCover(outer: readonly string[] | null, inner: readonly string[] | null): boolean {
  if (outer === null) return true;
  return inner !== null && covers(outer, inner);
}
