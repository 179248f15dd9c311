import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import { z } from "zod";
import { accountInfoSchema } from "./account-info.ts";

/** Names of a persona's own tools never begin as these do. */
export const ACCOUNT_INFO = "persona_account_info";

/** What every caller may call, whatever it is limited to: no browser and no app is needed, and nothing is counted. */
export const BUILT_IN_TOOLS: readonly ToolDefinition[] = [
  {
    name: ACCOUNT_INFO,
    title: "Account information",
    description:
      "Tells who is calling and for which persona, with which scopes, how many requests and how much budget are left, and whether the browser and each app are ready. Free: it counts against no limit.",
    inputSchema: { type: "object", properties: {}, additionalProperties: false },
    outputSchema: { ...z.toJSONSchema(accountInfoSchema), type: "object" },
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
];

export const isBuiltIn = (name: string): boolean => BUILT_IN_TOOLS.some((tool) => tool.name === name);
