import { CALL_ERRORS } from "@agent-personas/shared/errors/catalogue/calls";
import { priceOf } from "@agent-personas/shared/persona/price";
import { priceText } from "@agent-personas/shared/persona/price-text";
import type { PersonaTool } from "@agent-personas/shared/persona/persona-version";
import { SCOPES } from "@agent-personas/shared/persona/scope";
import type { Caller } from "../deps.ts";
import { ACCOUNT_INFO, CALL_TOOL, FIND_TOOLS, READ_MORE, WAIT_FOR_CALL } from "./built-in-tools.ts";
import { readableSlots } from "./readable-slots.ts";
import { visibleTools } from "./visible-tools.ts";

const MOST_PRICES = 100;

/** What `persona://guide` says to this caller. Markdown. */
export function renderGuide(caller: Caller): string {
  const { name, description, search, status } = caller.persona.version;
  const shown = new Set(visibleTools(caller).map((tool) => tool.name));
  const tools = caller.persona.version.tools.filter(({ exposedName }) => shown.has(exposedName));
  return [
    `# Guide to the persona “${name}”`,
    description,
    "Each call is executed by its owner's browser, with the accounts that are signed in there. While that browser is closed, lists work and calls do not.",
    ...(status === "paused" ? ["The persona is paused by its owner: no call is executed."] : []),
    "## Apps",
    appsText(caller, tools),
    ...(search === undefined
      ? []
      : [
          "## Finding tools",
          `Only favourite tools are listed. ${FIND_TOOLS} finds all others by what they do or by name; ${CALL_TOOL} calls them. A tool can also be called by its own name without being listed.`,
        ]),
    "## What you may do",
    scopesText(caller),
    "A destructive tool can be called only if the owner allowed that tool. Tools that are set to “never” are not listed. A tool whose definition has changed since the owner approved it is not executed until the owner reviews the change.",
    "## Prices",
    pricesText(tools),
    "## Long calls and long results",
    `A tool that still runs when time is up is answered with a handle: call ${WAIT_FOR_CALL} with it, as often as needed; never call the tool again for that. A result that is too long is cut with a note that names a handle: call ${READ_MORE} with it. Both are kept for 24 hours.`,
    "## What is left",
    `${ACCOUNT_INFO} tells who you are, your scopes, requests and budget that are left, and whether browser and apps are ready. With the name of a tool it tells why that tool is missing. It is free.`,
    "## What to do on each error",
    Object.entries(CALL_ERRORS)
      .map(([code, entry]) => `- \`${code}\`: ${entry.text({})} ${entry.next({})}`)
      .join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function appsText(caller: Caller, tools: readonly PersonaTool[]): string {
  const readable = readableSlots(caller);
  const lines = caller.persona.version.slots.flatMap(({ slotId, appName, resources, prompts }) => {
    const own = tools.filter((tool) => tool.slotId === slotId);
    const counts = SCOPES.map((scope) => [own.filter(({ riskClass }) => riskClass === scope).length, scope] as const)
      .filter(([count]) => count > 0)
      .map(([count, scope]) => `${count} ${scope}`);
    const more = [
      ...(readable.has(slotId) && (resources ?? "none") !== "none" ? ["resources"] : []),
      ...(readable.has(slotId) && (prompts ?? "none") !== "none" ? ["prompts"] : []),
    ];
    const parts = [...(counts.length > 0 ? [`tools: ${counts.join(", ")}`] : []), ...more];
    return parts.length === 0 ? [] : [`- ${appName} (${parts.join("; ")})`];
  });
  return lines.length === 0 ? "None that you may use." : lines.join("\n");
}

function scopesText({ principal }: Caller): string {
  const held = principal.scopes.length === 0 ? "none" : principal.scopes.join(", ");
  const limited = principal.tools === null ? "" : " You are limited to some of the tools.";
  return `Your scopes: ${held}. “read” tools change nothing, “write” tools change things, “destructive” tools may delete.${limited}`;
}

function pricesText(tools: readonly PersonaTool[]): string {
  const priced = tools.flatMap((tool) => {
    const price = priceOf(tool);
    return price === null ? [] : [`- ${tool.exposedName}: ${priceText(price)}`];
  });
  return priced.length === 0 ? "No tool has a price." : priced.slice(0, MOST_PRICES).join("\n");
}
