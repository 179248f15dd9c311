import { scopeSchema } from "@agent-personas/shared/persona/scope";
import { appStatusSchema } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";

/** Why a tool can be called or not. */
export const toolStateSchema = z.strictObject({
  name: z.string(),
  callable: z.boolean().describe("Whether a call would reach the app now, as far as can be known here."),
  reason: z.enum([
    "ready",
    "not_listed",
    "client_cap",
    "not_selected",
    "outside_subset",
    "never",
    "insufficient_scope",
    "paused",
    "browser_offline",
    "app_not_ready",
    "changed",
    "removed",
  ]),
  text: z.string(),
  next: z.string().describe("The one next step; empty when there is none."),
  nearest: z.array(z.string()).describe("Names much like it that there are."),
});
export type ToolState = z.infer<typeof toolStateSchema>;

const timeSchema = z.iso.datetime();
const amountSchema = z.strictObject({ limit: z.number(), used: z.number(), remaining: z.number() });

export const accountInfoSchema = z.strictObject({
  caller: z.strictObject({
    kind: z.enum(["access key", "sign-in", "passthrough"]),
    name: z.string().describe("Of the access key or the AI client; empty for passthrough."),
    person: z.string().nullable().describe("Whose browser executes the calls; null for passthrough."),
  }),
  persona: z.strictObject({ name: z.string(), status: z.enum(["active", "paused"]) }),
  scopes: z.array(scopeSchema),
  rate: z.strictObject({ limit: z.number(), remaining: z.number(), resetsAt: timeSchema }).describe("Per minute."),
  budgets: z
    .array(
      z.strictObject({
        whose: z.enum(["person", "persona", "key"]),
        calls: amountSchema.nullable().describe("Null is unlimited."),
        cents: amountSchema.nullable().describe("Null is unlimited."),
        warning: z.boolean().describe("Most of it is used."),
      }),
    )
    .describe("Per month; only those that are limited."),
  budgetsResetAt: timeSchema,
  browser: z.strictObject({
    online: z.boolean(),
    offlineSince: z.string().nullable().describe("Null while it is online, when it never was, and for passthrough."),
  }),
  apps: z.array(
    z.strictObject({
      name: z.string(),
      status: appStatusSchema.nullable().describe("Null while the browser has not said, and for passthrough."),
    }),
  ),
  tool: toolStateSchema.optional().describe("Of the tool that was asked for."),
});
export type AccountInfo = z.infer<typeof accountInfoSchema>;
