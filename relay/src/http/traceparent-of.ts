import { traceparentSchema } from "@agent-personas/shared/tunnel/traceparent";
import { z } from "zod";

const messageSchema = z.looseObject({
  params: z.looseObject({ _meta: z.looseObject({ traceparent: traceparentSchema }) }),
});

/** The trace that a request belongs to: its header's or, as of 2026-07-28, its message's. */
export function traceparentOf(header: unknown, body: unknown): string | null {
  const parsed = traceparentSchema.safeParse(header);
  if (parsed.success) return parsed.data;
  return messageSchema.safeParse(body).data?.params._meta.traceparent ?? null;
}
