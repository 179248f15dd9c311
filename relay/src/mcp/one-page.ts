import { ProtocolError, ProtocolErrorCode, type Result } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Exchange } from "./exchange.ts";

/** How long a client may keep a list. Milliseconds. */
const LIST_TTL_MS = 5_000;
const paramsSchema = z.looseObject({ cursor: z.string().optional() }).optional();

/** A list in one page: it comes from the published persona, and no browser is needed. */
export function onePage(params: unknown, { era }: Exchange, list: Record<string, readonly unknown[]>): Result {
  const parsed = paramsSchema.safeParse(params);
  if (!parsed.success) throw new ProtocolError(ProtocolErrorCode.InvalidParams, "cursor must be a string");
  // We never gave one out.
  if (parsed.data?.cursor !== undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Unknown cursor: the list has one page");
  }
  return era === "legacy" ? { ...list } : { ...list, ttlMs: LIST_TTL_MS, cacheScope: "private" };
}
