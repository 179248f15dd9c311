import { BUILT_IN_URIS } from "@agent-personas/shared/persona/built-in-uris";
import { LISTENED_RESOURCES, LISTENED_URI_LENGTH } from "@agent-personas/shared/tunnel/messages";
import { ProtocolError, ProtocolErrorCode, type Result } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Exchange } from "./exchange.ts";
import { findResource } from "./find-resource.ts";

/** What the sessions of the earlier era listen to. A change holds at once and is kept when the promise resolves. */
export type Subscriptions = {
  of: (sessionId: string) => ReadonlySet<string>;
  /** @throws AppError `session_unknown` */
  add: (sessionId: string, uri: string) => Promise<void>;
  remove: Subscriptions["add"];
};

const paramsSchema = z.looseObject({ uri: z.string().min(1).max(LISTENED_URI_LENGTH) });

/** @throws AppError `resource_not_in_persona` */
export async function subscribe(params: unknown, exchange: Exchange, subscriptions: Subscriptions): Promise<Result> {
  const { uri, sessionId } = read(params, exchange);
  if (!BUILT_IN_URIS.has(uri)) findResource(uri, exchange);
  const heard = subscriptions.of(sessionId);
  if (heard.size >= LISTENED_RESOURCES && !heard.has(uri)) {
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `A session listens to ${LISTENED_RESOURCES} resources at most`,
    );
  }
  await subscriptions.add(sessionId, uri);
  return {};
}

export async function unsubscribe(params: unknown, exchange: Exchange, subscriptions: Subscriptions): Promise<Result> {
  const { uri, sessionId } = read(params, exchange);
  await subscriptions.remove(sessionId, uri);
  return {};
}

function read(params: unknown, { session }: Exchange): { uri: string; sessionId: string } {
  const parsed = paramsSchema.safeParse(params);
  if (!parsed.success || session === null) throw new ProtocolError(ProtocolErrorCode.InvalidParams, "uri is missing");
  return { uri: parsed.data.uri, sessionId: session };
}
