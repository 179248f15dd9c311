import { z } from "zod";
import { isBuiltIn } from "./built-in-tools.ts";

/** Handshakes, lists and notifications are free; so are the tools of the relay itself. */
const COUNTED = new Set(["tools/call", "resources/read", "prompts/get", "completion/complete"]);

const requestSchema = z.looseObject({
  id: z.union([z.string(), z.number()]),
  method: z.string(),
  params: z
    .looseObject({ name: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** How many of the messages in a body count against the rate. */
export function countedRequests(body: unknown): number {
  const messages = Array.isArray(body) ? body : [body];
  return messages.filter((message) => {
    const request = requestSchema.safeParse(message);
    if (!request.success || !COUNTED.has(request.data.method)) return false;
    return request.data.method !== "tools/call" || !isBuiltIn(request.data.params?.name ?? "");
  }).length;
}
