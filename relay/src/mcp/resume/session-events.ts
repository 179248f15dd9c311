import type { AsyncLocalStorage } from "node:async_hooks";
import { parseJSONRPCMessage, type EventStore } from "@modelcontextprotocol/server";
import { formatEventId, parseEventId, type EventId } from "./event-id.ts";
import type { EventLog, Stream, StreamOwner } from "./event-log.ts";

/** The SDK's name of the stream that belongs to no request. */
const STANDALONE = "_GET_stream";

/** What one server of a session needs to number, keep and repeat its messages. */
export type SessionEvents = EventStore & {
  /** Whether a stream is being written by this server. */
  writes: (stream: Stream) => boolean;
};

/**
 * `current` is the stream of the request that is being answered: the SDK names streams itself and does not say which
 * request they belong to. What is sent outside of any request of a client is not kept.
 */
export function createSessionEvents(
  owner: StreamOwner,
  { log, current }: { log: EventLog; current: AsyncLocalStorage<Stream> },
): SessionEvents {
  /** By the SDK's names. */
  const writing = new Map<string, Stream>();

  const streamOf = (name: string): Stream | undefined => {
    if (name === STANDALONE) return log.standalone(owner);
    const known = writing.get(name) ?? current.getStore();
    if (known !== undefined) writing.set(name, known);
    return known;
  };

  const nameOf = (stream: Stream): string => {
    if (stream.purpose === "standalone") return STANDALONE;
    return [...writing].find(([, each]) => each === stream)?.[0] ?? stream.key;
  };

  const find = async (text: string): Promise<{ stream: Stream; at: EventId } | null> => {
    const at = parseEventId(text);
    return at === null ? null : { stream: await log.find(owner, at), at };
  };

  return {
    storeEvent: (name, message) => {
      const stream = streamOf(name);
      if (stream === undefined) return Promise.resolve("0");
      const id = log.append(stream, "jsonrpc" in message ? message : null);
      if (stream.purpose !== "standalone" && stream.pending <= 0) writing.delete(name);
      return Promise.resolve(id);
    },
    getStreamIdForEventId: async (text) => {
      const found = await find(text);
      return found === null ? undefined : nameOf(found.stream);
    },
    replayEventsAfter: async (text, { send }) => {
      const found = await find(text);
      if (found === null) throw new Error("An event id that no relay made.");
      const { stream, at } = found;
      for (const event of stream.events) {
        if (event.seq <= at.seq) continue;
        const { key, purpose } = stream;
        await send(formatEventId({ key, seq: event.seq, purpose }), parseJSONRPCMessage(JSON.parse(event.text)));
      }
      return nameOf(stream);
    },
    writes: (stream) => [...writing.values()].includes(stream),
  };
}
