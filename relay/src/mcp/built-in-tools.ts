import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import { handleSchema, WAIT_SECONDS } from "@agent-personas/shared/tunnel/device-methods";
import { z } from "zod";
import { accountInfoSchema } from "./account-info-schema.ts";
import { MOST_FOUND } from "./find-tools.ts";

/** Names of a persona's own tools never begin as these do. */
export const ACCOUNT_INFO = "persona_account_info";
export const READ_MORE = "persona_read_more";
export const WAIT_FOR_CALL = "persona_wait_for_call";
export const FIND_TOOLS = "persona_find_tools";
export const CALL_TOOL = "persona_call_tool";

/** What they take. Strict, so that a misspelt argument is not passed over. */
export const accountArguments = z.strictObject({
  tool: z.string().min(1).max(200).optional().describe("Name of a tool that you miss or cannot call: says why."),
});
export const readMoreArguments = z.strictObject({
  handle: handleSchema.describe("As the note in the cut result gives it."),
});
export const waitArguments = z.strictObject({
  handle: handleSchema.describe("As the tool that still runs gave it."),
  timeoutSeconds: z.number().min(0).max(WAIT_SECONDS).default(30),
});
export const findArguments = z.strictObject({
  query: z.string().max(500).default("").describe("What you want to do, or a tool's name. Empty lists all."),
  limit: z.int().min(1).max(MOST_FOUND).default(10),
});
export const callArguments = z.strictObject({
  name: z.string().min(1).max(200).describe(`As ${FIND_TOOLS} gave it.`),
  arguments: z.record(z.string(), z.unknown()).default({}).describe("What the tool's inputSchema asks for."),
});

const HARMLESS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

/** What every caller may call, whatever it is limited to. */
const ALWAYS: readonly ToolDefinition[] = [
  {
    name: ACCOUNT_INFO,
    title: "Account information",
    description:
      "Tells who is calling and for which persona, with which scopes, how many requests and how much budget are left, and whether the browser and each app are ready. With the name of a tool it says why that tool is missing or cannot be called. Free: it counts against no limit.",
    inputSchema: inputOf(accountArguments),
    outputSchema: { ...z.toJSONSchema(accountInfoSchema), type: "object" },
    annotations: HARMLESS,
  },
  {
    name: READ_MORE,
    title: "Read more of a cut result",
    description:
      "Answers the next page of a result that was too long for one answer. Results are kept for 24 hours in the browser that made the call. Reading a page again gives the same page.",
    inputSchema: inputOf(readMoreArguments),
    annotations: HARMLESS,
  },
  {
    name: WAIT_FOR_CALL,
    title: "Wait for a long call",
    description: `Answers the result of a tool that was still running when its call was answered with a handle. Waits up to timeoutSeconds (at most ${WAIT_SECONDS}); call it again while the tool still runs. It never runs the tool again.`,
    inputSchema: inputOf(waitArguments),
    annotations: HARMLESS,
  },
];

/** The relay's own tools of a persona. */
export function builtInTools({ slots, search }: Pick<PersonaVersion, "slots" | "search">): readonly ToolDefinition[] {
  return search === undefined ? ALWAYS : [...ALWAYS, ...searchTools(slots.map(({ appName }) => appName))];
}

export const isBuiltIn = (name: string, { search }: Pick<PersonaVersion, "search">): boolean =>
  ALWAYS.some((tool) => tool.name === name) || (search !== undefined && (name === FIND_TOOLS || name === CALL_TOOL));

/** Of these only the ones that reach no app and no browser; anything else counts against the rate. */
export const FREE_TOOLS: ReadonlySet<string> = new Set([ACCOUNT_INFO, FIND_TOOLS]);

const APPS_NAMED = 20;
const FIND_INPUT = inputOf(findArguments);
const CALL_INPUT = inputOf(callArguments);

const searchTools = (apps: readonly string[]): ToolDefinition[] => [
  {
    name: FIND_TOOLS,
    title: "Find tools",
    description: `Finds tools by what they do or by name, best first, with the definitions that ${CALL_TOOL} needs. Most tools are not listed by themselves. Apps: ${[...new Set(apps)].slice(0, APPS_NAMED).join(", ") || "none"}. Free: it counts against no limit.`,
    inputSchema: FIND_INPUT,
    annotations: HARMLESS,
  },
  {
    name: CALL_TOOL,
    title: "Call a tool",
    description: `Calls a tool that ${FIND_TOOLS} found, exactly as if it were called by its own name: the same checks, limits and result.`,
    inputSchema: CALL_INPUT,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  },
];

function inputOf(schema: z.ZodType): ToolDefinition["inputSchema"] {
  const { $schema: _schema, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return { ...rest, type: "object" };
}
