import { AppError } from "@agent-personas/shared/errors/app-error";
import { exposedUris } from "@agent-personas/shared/persona/exposed-uri";
import type { PersonaTool, PersonaVersion, Slot } from "@agent-personas/shared/persona/persona-version";
import { APP_METHODS, type Call } from "@agent-personas/shared/tunnel/messages";
import type { Downstream, AppMethod } from "../apps/downstream.ts";
import { within } from "../apps/within.ts";
import { cachedRow } from "../db/cached-row.ts";
import type { Database } from "../db/database.ts";
import type { BindingRow } from "../db/rows.ts";
import { authorizeItem } from "./authorize-item.ts";
import { checkActive } from "./guards/check-active.ts";
import { checkBinding } from "./guards/check-binding.ts";
import { checkForwarding } from "./guards/check-forwarding.ts";
import { checkInbound } from "./guards/check-inbound.ts";
import { checkPersona } from "./guards/check-persona.ts";
import { checkPin } from "./guards/check-pin.ts";
import { checkPolicy } from "./guards/check-policy.ts";
import { checkScope } from "./guards/check-scope.ts";
import { checkSubset } from "./guards/check-subset.ts";
import { checkTool } from "./guards/check-tool.ts";
import { checkVersion } from "./guards/check-version.ts";

export type AuthorizeDeps = {
  db: Database;
  downstream: Pick<Downstream, "ensureListed" | "currentDefinition" | "currentItem">;
  /** Fetches newer versions of personas, after the save under way if there is one. */
  catchUp: () => Promise<void>;
};

export type AuthorizedCall = {
  method: AppMethod;
  /** With the app's own names. */
  params: Record<string, unknown>;
  connectionId: string;
  /** Of a passthrough caller: the app gets these and nothing that is stored. Null: the connection's own credential. */
  forwardedHeaders: Record<string, string> | null;
  needsGo: boolean;
  /** Of a call to a tool: its own name, and whether it promises structured content. */
  tool: { name: string; declaresOutput: boolean } | null;
  /** Of one of the app's addresses, the one by which its callers can read it; null where they are all the same. */
  exposedUri: ((uri: string) => string) | null;
};

/** How long a call waits for the relay to answer with the newest versions. Milliseconds. */
const CATCH_UP_MS = 5_000;

type AppCall = Call & { method: AppMethod; slotId: string };

/**
 * Every check of a call, in order and whatever the relay checked before: it may be taken over.
 * @throws AppError of the first check that fails; nothing was executed then.
 */
export async function authorizeCall(deps: AuthorizeDeps, call: Call): Promise<AuthorizedCall> {
  if (!isAppCall(call)) throw new AppError("invalid_request", { detail: { problem: "no app answers this" } });
  const accepted = await loadAccepted(deps, call);
  return call.method === "tools/call" ? authorizeTool(deps, accepted, call) : authorizeReading(deps, accepted, call);
}

/** The accepted version of the persona, if its caller may come in at all. */
export async function loadAccepted(deps: Pick<AuthorizeDeps, "db" | "catchUp">, call: Call): Promise<PersonaVersion> {
  const accepted = await loadNewest(deps, call);
  checkActive(accepted);
  checkVersion(accepted, call.version);
  checkInbound(accepted, call.principal);
  return accepted;
}

async function authorizeTool(deps: AuthorizeDeps, accepted: PersonaVersion, call: AppCall): Promise<AuthorizedCall> {
  const tool = checkTool(accepted, call.slotId, call.params["name"]);
  checkScope(accepted, tool, call.principal);
  checkSubset(tool, call.principal);
  const slot = slotOf(accepted, call.slotId);
  const forwardedHeaders = checkForwarding(accepted, slot, call, tool.exposedName);
  const bound = await loadBinding(deps.db, call);
  if (bound !== null) {
    const { connectionId } = bound.binding;
    await deps.downstream.ensureListed(connectionId, "tools", { stranger: forwardedHeaders !== null });
    checkPin(tool, await deps.downstream.currentDefinition(connectionId, tool.originalName));
  }
  checkPolicy(accepted, tool);
  const params = { ...call.params, name: tool.originalName };
  const connectionId = checkBinding(slot, bound);
  return {
    method: call.method,
    params,
    connectionId,
    forwardedHeaders,
    needsGo: needsGo(tool),
    tool: { name: tool.originalName, declaresOutput: tool.definition.outputSchema !== undefined },
    exposedUri: exposedUris(accepted, call.slotId),
  };
}

/** Reading changes nothing, so it needs no go. */
async function authorizeReading(deps: AuthorizeDeps, accepted: PersonaVersion, call: AppCall): Promise<AuthorizedCall> {
  const slot = slotOf(accepted, call.slotId);
  const forwardedHeaders = checkForwarding(accepted, slot, call, null);
  const bound = await loadBinding(deps.db, call);
  await authorizeItem(accepted, slot, call, async (kind, id) => {
    if (bound === null) return null;
    const { connectionId } = bound.binding;
    await deps.downstream.ensureListed(connectionId, "items", { stranger: forwardedHeaders !== null });
    return deps.downstream.currentItem(connectionId, kind, id);
  });
  const connectionId = checkBinding(slot, bound);
  return {
    method: call.method,
    params: call.params,
    connectionId,
    forwardedHeaders,
    needsGo: false,
    tool: null,
    exposedUri: exposedUris(accepted, call.slotId),
  };
}

const isAppCall = (call: Call): call is AppCall =>
  call.slotId !== null && APP_METHODS.some((method) => method === call.method);

function slotOf(accepted: PersonaVersion, slotId: string): Slot {
  const slot = accepted.slots.find((each) => each.slotId === slotId);
  if (slot === undefined) throw new AppError("app_not_bound");
  return slot;
}

/** A save on this device may have reached the relay a moment before it is written down here. */
async function loadNewest(deps: Pick<AuthorizeDeps, "db" | "catchUp">, call: Call): Promise<PersonaVersion> {
  const row = await cachedRow(deps.db, "personas", call.personaId);
  if (row !== undefined && row.signed !== "" && row.accepted.version >= call.version) return row.accepted;
  const caughtUp = await within(
    deps.catchUp().then(() => true),
    CATCH_UP_MS,
  );
  if (caughtUp === undefined) throw new AppError("relay_unreachable");
  return checkPersona(await cachedRow(deps.db, "personas", call.personaId));
}

async function loadBinding(db: Database, call: AppCall): Promise<{ binding: BindingRow; appUrl: string } | null> {
  const binding = await cachedRow(db, "bindings", [call.personaId, call.slotId]);
  const connection = binding && (await cachedRow(db, "connections", binding.connectionId));
  const app = connection && (await cachedRow(db, "apps", connection.appId));
  return binding === undefined || app === undefined ? null : { binding, appUrl: app.url };
}

/** By the pin that the person approved, never by what the relay says. */
function needsGo(tool: PersonaTool): boolean {
  const { readOnlyHint, idempotentHint } = tool.definition.annotations ?? {};
  return readOnlyHint !== true && idempotentHint !== true;
}
