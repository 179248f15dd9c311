import { AppError } from "@agent-personas/shared/errors/app-error";
import { createId } from "@agent-personas/shared/primitives/id";
import type { RelayDeps } from "../deps.ts";
import { toToolRefs } from "../inbound/tool-refs.ts";
import { findKey } from "../store/access-keys.ts";
import { insertAudit } from "../store/audit.ts";
import { insertGrant } from "../store/grants.ts";
import type { PendingSignIn, SignInDecision } from "./interactions.ts";
import { GRANT_MS } from "./provider.ts";

type Deps = Pick<RelayDeps, "store" | "now" | "personas">;

/**
 * Makes one new grant of what the person allowed; answers its id.
 * @throws AppError `invalid_request` when that exceeds what was asked or what this person or key may give
 */
export async function allowClient(deps: Deps, pending: PendingSignIn, decision: SignInDecision): Promise<string> {
  return makeGrant(deps, pending, decision, await checkDecision(deps, pending, decision));
}

/** Answers when the grant has to end at the latest. @throws AppError `invalid_request` */
async function checkDecision(deps: Deps, pending: PendingSignIn, decision: SignInDecision): Promise<number> {
  const persona = await deps.personas.byId(decision.personaId);
  const key = decision.keyId === null ? null : await findKey(deps.store.db, decision.keyId);
  const latest = deps.now() + GRANT_MS;
  const problem = ((): string | null => {
    if (decision.scopes.length === 0) return "at least one scope must be allowed";
    if (decision.scopes.some((scope) => !pending.scopes.includes(scope))) return "more scopes than were asked for";
    if (pending.personaId !== null && pending.personaId !== decision.personaId) return "another persona";
    if (persona === null || persona.ownerId !== decision.userId) return "this person has no such persona";
    if (!persona.version.inbound.interactive) return "the persona does not take sign-ins";
    if (decision.keyId === null) return null;
    if (key === null || key.personaId !== decision.personaId) return "the access key is for another persona";
    if (decision.scopes.some((scope) => !key.scopes.includes(scope))) return "more scopes than the access key has";
    return null;
  })();
  if (problem !== null) throw new AppError("invalid_request", { detail: { problem } });
  return Math.min(latest, key?.expiresAt ?? latest);
}

async function makeGrant(
  { store, now, personas }: Deps,
  { client, resource }: PendingSignIn,
  { userId, keyId, personaId, scopes, tools }: SignInDecision,
  expiresAt: number,
): Promise<string> {
  const at = now();
  const grantId = createId("grant", at);
  const persona = await personas.byId(personaId);
  await store.db.transaction().execute(async (db) => {
    await insertGrant(db, {
      grantId,
      personaId,
      userId,
      keyId,
      clientId: client.clientId,
      clientName: client.name,
      redirectHost: client.kind === "loopback" ? "this computer" : client.redirectHost,
      resource,
      scopes,
      tools: persona === null ? [] : toToolRefs(tools, persona.version),
      createdAt: at,
      expiresAt,
    });
    await insertAudit(db, {
      at,
      userId,
      deviceId: null,
      event: "grant_created",
      subject: grantId,
      detail: {
        personaId,
        client: client.name,
        redirectHost: client.redirectHost,
        scopes,
        frozen: tools !== null,
        keyId,
      },
    });
  });
  return grantId;
}
