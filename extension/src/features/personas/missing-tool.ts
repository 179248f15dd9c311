import type { PersonaTool, PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Scope } from "@agent-personas/shared/persona/scope";
import type { ToolRow } from "../../db/rows.ts";
import { plainLine } from "../../lib/hidden-characters.ts";
import type { SlotView } from "./persona-summary.ts";
import { COUNT_LIMITS } from "./tool-meter.ts";
import { toolState } from "./tool-state.ts";

/** A key or signed-in client, as far as it decides what a caller sees. */
export type CallerReach = { name: string; scopes: readonly Scope[]; tools: readonly string[] | null };

/** Why a tool is not there or not callable; each has one next step. `ready` may still be limited for some. */
export type WhyMissing =
  | { reason: "unknown"; nearest: readonly string[] }
  | { reason: "not_selected" | "gone"; app: string }
  | { reason: "removed" | "needs_sign_in"; app: string; appId: string | null }
  | { reason: "changed" | "never" | "paused" }
  | { reason: "ready"; exposedName: string; outside: readonly string[]; searched: boolean; capped: readonly string[] };
/** `name` is that of the tool as AI clients see it, or as its app does where it is not in the persona. */
export type MissingAnswer = { name: string } & WhyMissing;

type Known = {
  version: PersonaVersion;
  slots: readonly SlotView[];
  /** As the connections that serve the persona listed them last. */
  tools: readonly ToolRow[];
  callers: readonly CallerReach[];
};

const MOST_ANSWERS = 5;
const MOST_NEAREST = 5;
/** What the endpoint lists of its own, always and in search mode. */
const OWN_TOOLS = ["persona_account_info", "persona_read_more", "persona_wait_for_call"];
const SEARCH_TOOLS = ["persona_call_tool", "persona_find_tools"];

/** Answers for every tool that the name may mean, exposed names before those at apps; nothing while nothing is asked. */
export function whyMissing(asked: string, known: Known): MissingAnswer[] {
  const name = plainLine(asked).toLowerCase();
  if (name === "") return [];
  const { version, slots, tools } = known;
  const exposed = version.tools.filter((tool) => tool.exposedName.toLowerCase() === name);
  const original = version.tools.filter((tool) => tool.originalName.toLowerCase() === name);
  const chosen = exposed.length > 0 ? exposed : original;
  const inPersona = chosen.map((tool): MissingAnswer => ({ name: tool.exposedName, ...whyOf(tool, known) }));
  const elsewhere = slots.flatMap((slot) =>
    tools
      .filter((row) => row.connectionId === slot.connection?.connectionId && !isChosen(version, slot, row))
      .filter((row) => [row.name, `${slot.prefix}_${row.name}`].some((each) => each.toLowerCase() === name))
      .map((row): MissingAnswer => ({
        name: plainLine(row.name),
        reason: row.present ? "not_selected" : "gone",
        app: slot.name,
      })),
  );
  const answers = [...inPersona, ...elsewhere].slice(0, MOST_ANSWERS);
  return answers.length > 0
    ? answers
    : [{ name: plainLine(asked), reason: "unknown", nearest: nearest(name, version) }];
}

const isChosen = (version: PersonaVersion, slot: SlotView, row: ToolRow): boolean =>
  version.tools.some((tool) => tool.slotId === slot.slotId && tool.originalName === row.name);

function whyOf(tool: PersonaTool, known: Known): WhyMissing {
  const { version, slots, tools } = known;
  const slot = slots.find((each) => each.slotId === tool.slotId);
  const connection = slot?.connection ?? null;
  const row = tools.find((each) => each.connectionId === connection?.connectionId && each.name === tool.originalName);
  const state = toolState(version, tool, { connection, row });
  const app = { app: slot?.name ?? "", appId: slot?.app?.appId ?? null };
  switch (state) {
    case "never":
    case "changed":
      return { reason: state };
    case "removed":
    case "needs_sign_in":
      return { reason: state, ...app };
    case "enabled":
      return version.status === "paused" ? { reason: "paused" } : reachOf(tool, known);
  }
}

function reachOf({ exposedName, riskClass }: PersonaTool, { version, callers }: Known): WhyMissing {
  const outside = callers
    .filter(({ scopes, tools }) => !scopes.includes(riskClass) || tools?.includes(exposedName) === false)
    .map(({ name }) => plainLine(name));
  const listed = listedNames(version);
  const place = listed.indexOf(exposedName);
  const capped = COUNT_LIMITS.filter(({ limit }) => place >= limit).flatMap(({ clients }) => clients);
  return { reason: "ready", exposedName, outside, searched: place < 0, capped };
}

/** In the order of the endpoint's list: what comes late is what a client with a cap leaves off. */
function listedNames({ tools, search }: PersonaVersion): string[] {
  const names = tools.map(({ exposedName }) => exposedName);
  if (search === undefined) return [...names, ...OWN_TOOLS].toSorted();
  const favourites = new Set(search.favourites);
  return [...names.filter((name) => favourites.has(name)), ...OWN_TOOLS, ...SEARCH_TOOLS].toSorted();
}

/** Tools of which a word is in what was asked, or the other way round. */
function nearest(name: string, { tools }: PersonaVersion): string[] {
  const asked = wordsOf(name);
  const scored = tools.map(({ exposedName }) => {
    const words = wordsOf(exposedName);
    const hits = asked.filter((word) => words.some((other) => other.startsWith(word) || word.startsWith(other)));
    return { exposedName, score: hits.length };
  });
  return scored
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MOST_NEAREST)
    .map(({ exposedName }) => exposedName);
}

const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/gu, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/u)
    .filter((word) => word.length > 2);
