import { policyOf } from "@agent-personas/shared/persona/persona-version";
import type { Scope } from "@agent-personas/shared/persona/scope";
import type { PublishedPersona, RelayDeps } from "../deps.ts";
import { toToolNames } from "../inbound/tool-refs.ts";
import type { PendingSignIn } from "../oauth/interactions.ts";
import { findLastGrant } from "../store/grants.ts";
import { listPersonas } from "../store/personas.ts";
import type { Account } from "./load-account.ts";
import type { StepUps } from "../inbound/step-ups.ts";
import { mayUse } from "./may-use.ts";

export type ConsentTool = { name: string; title: string; chosen: boolean };

/** `needed`: a call of this client was refused for want of it, and it was not allowed before. */
export type ConsentScope = { scope: Scope; chosen: boolean; needed: boolean; tools: ConsentTool[] };

/** What the consent page asks, filled with the last choices of this person for this client. */
export type Consent = {
  personas: PublishedPersona[];
  /** null while one must be chosen, or when there is none. */
  persona: PublishedPersona | null;
  /** The address names no persona, so another one may be chosen. */
  changeable: boolean;
  scopes: ConsentScope[];
  /** All tools of the chosen kinds, also later ones; null when that cannot be offered. */
  live: boolean | null;
};

type Deps = Pick<RelayDeps, "store" | "personas"> & { signIns: { stepUps: Pick<StepUps, "neededBy"> } };

/** Personas that are offered at most. */
const OFFERED = 200;

export async function loadConsent(
  deps: Deps,
  pending: PendingSignIn,
  by: { account: Account; chosen: string | null },
): Promise<Consent> {
  const { account } = by;
  const fixed = pending.personaId ?? account.personaId;
  const personas = fixed === null ? await personasOf(deps, account.userId) : await onePersona(deps, fixed, account);
  const last = async (personaId: string | null) =>
    account.key === null
      ? findLastGrant(deps.store.db, { userId: account.userId, clientId: pending.client.clientId, personaId })
      : null;
  const wanted = by.chosen ?? (personas.length > 1 ? (await last(null))?.personaId : personas[0]?.personaId);
  const persona = personas.find(({ personaId }) => personaId === wanted) ?? null;
  const before = persona === null ? null : await last(persona.personaId);
  const live = account.tools === null ? before?.tools === null || before === null : null;
  const needed = before === null ? [] : deps.signIns.stepUps.neededBy(before.grantId);
  const asked = pending.scopes.filter((scope) => account.scopes.includes(scope));
  return {
    personas,
    persona,
    changeable: fixed === null && personas.length > 1,
    live,
    scopes: asked.map((scope) => ({
      scope,
      ...preset(scope, { before: before?.scopes ?? null, needed }),
      tools: persona === null ? [] : toolsOf(persona, scope, { cap: account.tools, before: before?.tools ?? null }),
    })),
  };
}

/**
 * What was allowed the last time, and what the client has just been refused for want of: else a habitual Allow would
 * lead to the same refusal. Deleting is never ticked for that reason: a client could bring the refusal about.
 */
function preset(
  scope: Scope,
  { before, needed }: { before: readonly Scope[] | null; needed: readonly Scope[] },
): Pick<ConsentScope, "chosen" | "needed"> {
  if (before === null) return { chosen: scope !== "destructive", needed: false };
  if (before.includes(scope)) return { chosen: true, needed: false };
  return { chosen: needed.includes(scope) && scope !== "destructive", needed: needed.includes(scope) };
}

async function personasOf(deps: Deps, userId: string): Promise<PublishedPersona[]> {
  const rows = await listPersonas(deps.store.db, userId);
  const loaded = await Promise.all(rows.slice(0, OFFERED).map(({ personaId }) => deps.personas.byId(personaId)));
  return loaded
    .filter((persona) => mayUse(persona, userId))
    .toSorted((one, other) => one.version.name.localeCompare(other.version.name, "en"));
}

async function onePersona(deps: Deps, personaId: string, account: Account): Promise<PublishedPersona[]> {
  const persona = await deps.personas.byId(personaId);
  return mayUse(persona, account.userId) ? [persona] : [];
}

/** What may be called of a class; a tool set to *never* is not offered. */
function toolsOf(
  persona: PublishedPersona,
  scope: Scope,
  { cap, before }: { cap: ReadonlySet<string> | null; before: readonly string[] | null },
): ConsentTool[] {
  const { version, tools } = persona;
  const named = toToolNames(before, version);
  const ticked = named === null ? null : new Set(named);
  const titles = new Map(tools.map(({ name, title, annotations }) => [name, title ?? annotations?.title ?? ""]));
  return version.tools
    .filter((tool) => tool.riskClass === scope && policyOf(version, tool) !== "never")
    .filter(({ exposedName }) => cap?.has(exposedName) !== false)
    .map(({ exposedName: name }) => ({
      name,
      title: titles.get(name) ?? "",
      chosen: ticked?.has(name) !== false,
    }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
