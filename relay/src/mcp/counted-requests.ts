import { BUILT_IN_URIS } from "@agent-personas/shared/persona/built-in-uris";
import { z } from "zod";
import { CALL_TOOL, FREE_TOOLS } from "./built-in-tools.ts";

/** Handshakes, lists and notifications are free; so is what the relay answers by itself. */
const COUNTED = new Set([
  "tools/call",
  "resources/read",
  "prompts/get",
  "completion/complete",
  // Each makes a browser speak with its apps.
  "resources/subscribe",
  "resources/unsubscribe",
  "subscriptions/listen",
]);

const requestSchema = z.looseObject({
  id: z.union([z.string(), z.number()]),
  method: z.string(),
  params: z
    .looseObject({
      name: z.string().optional().catch(undefined),
      uri: z.string().optional().catch(undefined),
      arguments: z
        .looseObject({ name: z.string().optional().catch(undefined) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** How many of the messages in a body count against the rate. */
export function countedRequests(body: unknown): number {
  const messages = Array.isArray(body) ? body : [body];
  return messages.filter((message) => {
    const request = requestSchema.safeParse(message);
    return request.success && COUNTED.has(request.data.method) && !isFree(request.data);
  }).length;
}

function isFree({ method, params }: z.infer<typeof requestSchema>): boolean {
  if (method.startsWith("resources/")) return BUILT_IN_URIS.has(params?.uri ?? "");
  const name = params?.name === CALL_TOOL ? params.arguments?.name : params?.name;
  return method === "tools/call" && FREE_TOOLS.has(name ?? "");
}
