import { toolCap } from "@agent-personas/shared/mcp/client-limits";
import { policyOf, type PersonaTool } from "@agent-personas/shared/persona/persona-version";
import type { AppStatus, BlockedTool } from "@agent-personas/shared/tunnel/messages";
import type { Caller } from "../deps.ts";
import type { ToolState } from "./account-info-schema.ts";
import { FIND_TOOLS, isBuiltIn } from "./built-in-tools.ts";
import type { Exchange } from "./exchange.ts";
import { listedTools } from "./listed-tools.ts";
import { nearestNames } from "./nearest-names.ts";
import { visibleTools } from "./visible-tools.ts";

type Why = Pick<ToolState, "reason" | "text" | "next">;

/** What browsers said: of slots (null while none is there), and of tools that are not what was approved. */
export type Told = {
  statuses: ReadonlyMap<string, AppStatus> | null;
  blocked: ReadonlyMap<string, BlockedTool["state"]>;
};

/** Why a caller does not see a tool or cannot call it. */
export function whyMissing(
  name: string,
  exchange: Pick<Exchange, "persona" | "principal" | "client">,
  told: Told,
): ToolState {
  const known = isBuiltIn(name, exchange.persona.version);
  const why = known ? READY : (whyRefused(name, exchange) ?? whyNotNow(name, exchange, told));
  const nearest = why.reason === "not_selected" ? nearestVisible(name, exchange) : [];
  return { name, callable: CALLABLE.has(why.reason), ...why, nearest };
}

type Found = { tool: PersonaTool } | { tool: null; why: Why };

/** A tool of the persona that is one of this caller's; else why not, as far as it may know. */
export function findTool(name: string, { persona, principal }: Caller): Found {
  const tool = persona.version.tools.find((candidate) => candidate.exposedName === name);
  const outside = principal.tools?.has(name) === false;
  // What is not open to callers with credentials of their own, they need not know of.
  if (tool === undefined || (outside && principal.kind === "external")) return { tool: null, why: NOT_SELECTED };
  return outside ? { tool: null, why: principal.kind === "key" ? OUTSIDE_KEY : OUTSIDE_SIGN_IN } : { tool };
}

export const nearestVisible = (name: string, caller: Caller): string[] =>
  nearestNames(
    name,
    visibleTools(caller).map((tool) => tool.name),
  );

const CALLABLE: ReadonlySet<ToolState["reason"]> = new Set(["ready", "not_listed", "client_cap"]);
const READY: Why = { reason: "ready", text: "It is listed and can be called.", next: "" };
const NOT_SELECTED: Why = {
  reason: "not_selected",
  text: "It was not selected for this persona, or no app has a tool of that name.",
  next: "The persona's owner can select it on the persona's Tools tab.",
};
const OUTSIDE_KEY: Why = {
  reason: "outside_subset",
  text: "The access key is limited to other tools of this persona.",
  next: "The persona's owner can widen the key on the Authentication tab.",
};
const OUTSIDE_SIGN_IN: Why = {
  reason: "outside_subset",
  text: "The sign-in is limited to the tools that were chosen, or there, when it was made.",
  next: "Sign in again and allow it.",
};

const CHANGED: Why = {
  reason: "changed",
  text: "Its app defines it in another way than its owner approved.",
  next: "The persona's owner can review the change on the persona's Tools tab.",
};
const REMOVED: Why = {
  reason: "removed",
  text: "Its app no longer lists it.",
  next: "Use another tool; the persona's owner can take it out on the persona's Tools tab.",
};

function whyRefused(name: string, caller: Caller): Why | null {
  const { persona, principal } = caller;
  const found = findTool(name, caller);
  if (found.tool === null) return found.why;
  const { tool } = found;
  if (policyOf(persona.version, tool) === "never") {
    const next = "The persona's owner can change that on the persona's Tools tab.";
    return { reason: "never", text: "Its owner set it to “never”.", next };
  }
  if (principal.scopes.includes(tool.riskClass)) return null;
  const next = principal.kind === "grant" ? "Call it: you are asked to sign in for it." : "Use a key with that scope.";
  return { reason: "insufficient_scope", text: `It needs the scope “${tool.riskClass}”.`, next };
}

function whyNotNow(
  name: string,
  exchange: Pick<Exchange, "persona" | "principal" | "client">,
  { statuses, blocked }: Told,
): Why {
  const { version } = exchange.persona;
  if (version.status === "paused") {
    return { reason: "paused", text: "The persona is paused by its owner.", next: "Ask its owner to resume it." };
  }
  const external = exchange.principal.kind === "external";
  if (statuses === null) {
    const next = "Open the browser with the Agent Personas extension.";
    return { reason: "browser_offline", text: "The browser that executes calls is offline.", next };
  }
  const slotId = version.tools.find(({ exposedName }) => exposedName === name)?.slotId ?? "";
  const status = statuses.get(slotId) ?? "connected";
  if (status !== "connected" && !external) {
    const app = version.slots.find((slot) => slot.slotId === slotId)?.appName ?? "The app";
    const text = `${app} is not ready: ${status.replaceAll("_", " ")}.`;
    return { reason: "app_not_ready", text, next: `The persona's owner can see to it in the extension under Apps.` };
  }
  switch (blocked.get(name)) {
    case "changed":
      return CHANGED;
    case "removed":
      return REMOVED;
    default:
      return whyNotListed(name, exchange);
  }
}

function whyNotListed(name: string, exchange: Pick<Exchange, "persona" | "principal" | "client">): Why {
  const place = listedTools(exchange).findIndex((tool) => tool.name === name);
  if (place < 0) {
    const next = `Find it with ${FIND_TOOLS}, or call it by its name.`;
    return { reason: "not_listed", text: "It can be called; the list shows favourites only.", next };
  }
  const cap = toolCap(exchange.client);
  if (cap === null || place < cap) return READY;
  return {
    reason: "client_cap",
    text: `It is listed, but this client takes ${cap} tools at most and leaves it off.`,
    next: "The persona's owner can deselect tools or switch on search.",
  };
}
