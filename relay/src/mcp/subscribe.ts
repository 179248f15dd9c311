import { BUILT_IN_URIS } from "@agent-personas/shared/persona/built-in-uris";
import { ProtocolError, ProtocolErrorCode, type Result } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Exchange } from "./exchange.ts";
import { findResource } from "./find-resource.ts";

/** Resources that one session may listen to. */
const MAX_PER_SESSION = 200;

/** What the sessions of the earlier era listen to. */
export type Subscriptions = {
  of: (sessionId: string) => ReadonlySet<string>;
  set: (sessionId: string, uris: ReadonlySet<string>) => Promise<void>;
};

const paramsSchema = z.looseObject({ uri: z.string().min(1).max(2_000) });

/** @throws AppError `resource_not_in_persona` */
export async function subscribe(params: unknown, exchange: Exchange, subscriptions: Subscriptions): Promise<Result> {
  const { uri, sessionId, before } = read(params, exchange, subscriptions);
  if (!BUILT_IN_URIS.has(uri)) findResource(uri, exchange);
  if (before.size >= MAX_PER_SESSION) {
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `A session listens to ${MAX_PER_SESSION} resources at most`,
    );
  }
  await subscriptions.set(sessionId, new Set([...before, uri]));
  return {};
}

export async function unsubscribe(params: unknown, exchange: Exchange, subscriptions: Subscriptions): Promise<Result> {
  const { uri, sessionId, before } = read(params, exchange, subscriptions);
  await subscriptions.set(sessionId, new Set([...before].filter((each) => each !== uri)));
  return {};
}

function read(params: unknown, { session }: Exchange, subscriptions: Subscriptions) {
  const parsed = paramsSchema.safeParse(params);
  if (!parsed.success || session === null) throw new ProtocolError(ProtocolErrorCode.InvalidParams, "uri is missing");
  return { uri: parsed.data.uri, sessionId: session, before: subscriptions.of(session) };
}
