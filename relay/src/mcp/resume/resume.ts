import { AsyncLocalStorage } from "node:async_hooks";
import { isJSONRPCRequest } from "@modelcontextprotocol/server";
import type { RelayDeps } from "../../deps.ts";
import type { CallIdSource } from "../exchange.ts";
import { parseEventId } from "./event-id.ts";
import { createEventLog, type EventLog, type Stream, type StreamOwner } from "./event-log.ts";
import { createEventWriter } from "./event-writer.ts";
import { createLateOutcomes, type LateOutcomes } from "./late-outcomes.ts";
import { orphanStream, type Returning } from "./orphan-stream.ts";
import { createSessionEvents, type SessionEvents } from "./session-events.ts";

/** What a client that was cut off can come back to, in the revisions with sessions. */
export type Resume = {
  /** For the server of a session. */
  events: (owner: StreamOwner) => SessionEvents;
  /** Opens a stream for the requests in a body, if there are any, and answers them in it. */
  answering: <T>(owner: StreamOwner, body: unknown, answer: (opened: Opened | null) => T) => T;
  /** The stream that a client comes back to; null for the session's own and for ids that no relay made. */
  find: (owner: StreamOwner, lastEventId: string | null) => Promise<{ stream: Stream; after: number } | null>;
  /** Answers a client that comes back to a stream on which nobody works any more. */
  orphan: (found: { stream: Stream; after: number }, caller: Returning) => Response;
  keepLate: LateOutcomes["keep"];
  drop: (sessionIds: readonly string[]) => void;
  size: EventLog["size"];
  close: () => Promise<void>;
};

export type Opened = { callId: CallIdSource; delivered: () => void };

export function createResume(deps: Pick<RelayDeps, "store" | "now" | "log" | "config">): Resume {
  const writer = createEventWriter(deps);
  const log = createEventLog({ ...deps, writer });
  const late = createLateOutcomes({ ...deps, writer });
  const current = new AsyncLocalStorage<Stream>();
  return {
    events: (owner) => createSessionEvents(owner, { log, current }),
    answering: (owner, body, answer) => {
      const requests = [body].flat().filter((message) => isJSONRPCRequest(message));
      const [first] = requests;
      if (first === undefined) return answer(null);
      const { id, method } = first;
      const named = requests.length === 1;
      const stream = log.open(owner, named ? { id, method } : "unnamed", requests.length);
      const opened = { callId: once(named ? stream.key : null), delivered: () => log.delivered(stream) };
      return current.run(stream, () => answer(opened));
    },
    find: async (owner, lastEventId) => {
      const at = lastEventId === null ? null : parseEventId(lastEventId);
      if (at === null || at.purpose === "standalone") return null;
      return { stream: await log.find(owner, at), after: at.seq };
    },
    orphan: ({ stream, after }, caller) => orphanStream(stream, { after, ...caller }, { ...deps, log, late }),
    keepLate: late.keep,
    drop: log.drop,
    size: log.size,
    close: log.close,
  };
}

function once(callId: string | null): CallIdSource {
  let left = callId;
  return () => {
    const given = left;
    left = null;
    return given;
  };
}
