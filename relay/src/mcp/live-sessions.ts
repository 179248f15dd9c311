import { AppError } from "@agent-personas/shared/errors/app-error";
import { WebStandardStreamableHTTPServerTransport, type Server } from "@modelcontextprotocol/server";
import type { Caller } from "../deps.ts";
import type { Stream, StreamOwner } from "./resume/event-log.ts";
import type { SessionEvents } from "./resume/session-events.ts";
import type { Notices } from "./notices.ts";
import type { Subscriptions } from "./subscribe.ts";
import type { SessionRow } from "../store/sessions.ts";
import type { PersonaServers } from "./persona-server.ts";

/** How long a session without anything open keeps its server. Milliseconds. */
const LINGER_MS = 5_000;
const MAX_LIVE = 20_000;
/** When a client that was cut off comes back. The SDKs try twice and then give up, so a relay has twice as long to start. */
const RETRY_MS = 4_000;

export type LiveSession = {
  transport: WebStandardStreamableHTTPServerTransport;
  /** Whether what this stream waits for is being worked on here. */
  writes: (stream: Stream) => boolean;
  /**
   * Its client opened the stream for what belongs to no request, and hears of lists that apps change. For as long as
   * the session is live: a stream that breaks is soon opened again, and the apps need not notice.
   */
  hearLists: () => void;
  /** Keeps the session live until called. */
  hold: () => () => void;
};

/**
 * Servers of sessions that have something open. A session is its stored row; its server is made from it when a
 * request comes, by replaying the client's `initialize`, and dropped when nothing is open any more.
 */
export type LiveSessions = {
  get: (sessionId: string) => LiveSession | null;
  /** A new session, live with its client's own `initialize`; answers the response to it. */
  start: (row: SessionRow, caller: Caller, request: Request, id: string | number) => Promise<Response>;
  /** @throws AppError `session_unknown` | `too_busy` */
  wake: (row: SessionRow, caller: Caller) => Promise<LiveSession>;
  end: (sessionId: string) => Promise<void>;
  /** Also of those whose row has gone meanwhile. */
  endWhere: (matches: (row: SessionRow) => boolean) => Promise<void>;
  /** What live sessions listen to. */
  subscriptions: Subscriptions;
  /** Sessions with something open. */
  inUse: () => string[];
  size: () => number;
};

type Entry = LiveSession & {
  row: SessionRow;
  server: Server;
  open: number;
  timer: NodeJS.Timeout | undefined;
  subscribed: Set<string>;
  /** Writes of `subscribed`, one after the other. */
  keeping: Promise<void>;
  ears: ReturnType<Notices["add"]>;
};

export function createLiveSessions(deps: {
  servers: PersonaServers;
  publicUrl: string;
  notices: Pick<Notices, "add">;
  keepSubscriptions: (sessionId: string, uris: readonly string[]) => Promise<void>;
  events: (owner: StreamOwner) => SessionEvents;
}): LiveSessions {
  const live = new Map<string, Entry>();
  const waking = new Map<string, Promise<Entry>>();

  const end = async (sessionId: string): Promise<void> => {
    const entry = live.get(sessionId);
    if (entry === undefined) return;
    live.delete(sessionId);
    clearTimeout(entry.timer);
    await close(entry);
  };

  const close = async ({ ears, server }: Entry): Promise<void> => {
    ears.remove();
    await server.close();
  };

  const makeRoom = (): void => {
    if (live.size < MAX_LIVE) return;
    // Insertion order is order of waking: the first idle one has lingered longest.
    const [idle] = [...live].find(([, entry]) => entry.open === 0) ?? [];
    if (idle === undefined) throw new AppError("too_busy");
    void end(idle);
  };

  const build = async (row: SessionRow, caller: Caller): Promise<Entry> => {
    makeRoom();
    const server = deps.servers(caller.persona, { era: "legacy", answers: true });
    const events = deps.events({ sessionId: row.sessionId, userId: caller.principal.executingUserId });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => row.sessionId,
      eventStore: events,
      retryInterval: RETRY_MS,
    });
    await server.connect(transport);
    const subscribed = new Set(row.subscriptions);
    let lists = false;
    const entry: Entry = {
      row,
      server,
      transport,
      writes: events.writes,
      open: 0,
      timer: undefined,
      subscribed,
      keeping: Promise.resolve(),
      ears: deps.notices.add({
        caller,
        lists: () => lists,
        uris: () => subscribed,
        // A client without an open stream misses it.
        deliver: (method, params) => void server.notification({ method, params }).catch(() => undefined),
      }),
      hearLists: () => {
        if (lists) return;
        lists = true;
        entry.ears.changed();
      },
      hold: () => {
        clearTimeout(entry.timer);
        entry.open += 1;
        let held = true;
        return () => {
          if (!held) return;
          held = false;
          entry.open -= 1;
          if (entry.open === 0) entry.timer = setTimeout(() => void end(row.sessionId), LINGER_MS).unref();
        };
      },
    };
    const answer = server.fallbackRequestHandler;
    server.fallbackRequestHandler = async (request, context) => {
      // A call goes on although its client closed the stream: in this era that does not cancel it.
      const release = entry.hold();
      try {
        if (answer === undefined) throw new AppError("internal_error");
        return await answer(request, context);
      } finally {
        release();
      }
    };
    return entry;
  };

  const keep = (row: SessionRow, entry: Entry): void => {
    live.set(row.sessionId, entry);
    entry.hold()();
  };

  const rebuild = async (row: SessionRow, caller: Caller): Promise<Entry> => {
    const entry = await build(row, caller);
    try {
      await replayInitialize(entry, row, deps.publicUrl);
    } catch (error) {
      await close(entry);
      throw error;
    }
    keep(row, entry);
    return entry;
  };

  /** Changed before anything is waited for, so that of requests that come together none undoes another's. */
  const changeSubscriptions = async (sessionId: string, change: (uris: Set<string>) => void): Promise<void> => {
    const entry = live.get(sessionId);
    if (entry === undefined) throw new AppError("session_unknown");
    change(entry.subscribed);
    entry.ears.changed();
    const kept = entry.keeping.then(() => deps.keepSubscriptions(sessionId, [...entry.subscribed]));
    entry.keeping = kept.catch(() => undefined);
    await kept;
  };

  return {
    get: (sessionId) => live.get(sessionId) ?? null,
    start: async (row, caller, request, id) => {
      const entry = await build(row, caller);
      keep(row, entry);
      return entry.transport.handleRequest(request, { parsedBody: initializeOf(row, id) });
    },
    wake: async (row, caller) => {
      const known = live.get(row.sessionId) ?? waking.get(row.sessionId);
      if (known !== undefined) return known;
      const made = rebuild(row, caller).finally(() => waking.delete(row.sessionId));
      waking.set(row.sessionId, made);
      return made;
    },
    end,
    endWhere: async (matches) => {
      await Promise.all([...live].filter(([, { row }]) => matches(row)).map(([sessionId]) => end(sessionId)));
    },
    subscriptions: {
      of: (sessionId) => live.get(sessionId)?.subscribed ?? new Set(),
      add: (sessionId, uri) => changeSubscriptions(sessionId, (uris) => uris.add(uri)),
      remove: (sessionId, uri) => changeSubscriptions(sessionId, (uris) => uris.delete(uri)),
    },
    inUse: () => [...live].filter(([, { open }]) => open > 0).map(([sessionId]) => sessionId),
    size: () => live.size,
  };
}

const initializeOf = (row: SessionRow, id: string | number) => ({
  jsonrpc: "2.0",
  id,
  method: "initialize",
  params: row.initialize,
});

async function replayInitialize({ transport }: Entry, row: SessionRow, publicUrl: string): Promise<void> {
  const post = (parsedBody: Record<string, unknown>): Promise<Response> => {
    const headers = {
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      "mcp-session-id": row.sessionId,
    };
    return transport.handleRequest(new Request(publicUrl, { method: "POST", headers }), { parsedBody });
  };
  const initialized = await post(initializeOf(row, "initialize"));
  // Read to its end: the server has taken the handshake in by then.
  await initialized.text();
  const acknowledged = await post({ jsonrpc: "2.0", method: "notifications/initialized" });
  if (!initialized.ok || acknowledged.status !== 202) throw new AppError("session_unknown");
}
