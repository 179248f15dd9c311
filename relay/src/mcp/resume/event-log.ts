import { createId } from "@agent-personas/shared/primitives/id";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import type { RelayDeps } from "../../deps.ts";
import { findStreamEvents, type StreamEventRow } from "../../store/stream-events.ts";
import { formatEventId, type EventId, type StreamPurpose } from "./event-id.ts";
import type { EventWriter } from "./event-writer.ts";
import { createKeptStreams, type EventLimits } from "./kept-streams.ts";
import { openEvent, sealEvent, streamHash } from "./seal-event.ts";

/** A session, and the person whose browsers execute for it, whose share of the memory it takes. */
export type StreamOwner = { sessionId: string; userId: string };

/** What was sent on one stream of a session and may be asked for again. */
export type Stream = Readonly<StreamOwner> & {
  readonly key: string;
  readonly purpose: StreamPurpose;
  /** Oldest first; a client that comes back has seen those up to the id that it names. */
  events: { seq: number; text: string }[];
  nextSeq: number;
  bytes: number;
  /** Answers that are still to come; a standalone stream never ends. */
  pending: number;
  touchedAt: number;
  /** Up to which the database has it; -1 for nothing. */
  writtenSeq: number;
  state: "kept" | "delivered" | "dropped";
};

export type EventLog = {
  open: (owner: StreamOwner, purpose: StreamPurpose, answers: number) => Stream;
  /** The session's own, for what belongs to no request. */
  standalone: (owner: StreamOwner) => Stream;
  /** Numbers a message and keeps it; null only opens the stream. Answers its event id. */
  append: (stream: Stream, message: JSONRPCMessage | null) => string;
  /** The whole stream has gone out, so it is not kept for long. */
  delivered: (stream: Stream) => void;
  /** A stream of this session, also from before a restart; one nobody remembers is empty. */
  find: (owner: StreamOwner, at: EventId) => Promise<Stream>;
  drop: (sessionIds: readonly string[]) => void;
  close: () => Promise<void>;
  size: () => { streams: number; bytes: number };
};

/** How long a stream can be asked for again. Milliseconds. */
export const KEEP_MS = 10 * 60_000;
/** A client may have been cut off while the last bytes were on their way. Milliseconds. */
const DELIVERED_MS = 10_000;
const FLUSH_MS = 1_000;
const SWEEP_MS = 60_000;

const LIMITS: EventLimits = {
  streams: 20_000,
  bytes: 64 * 1024 * 1024,
  sessionStreams: 200,
  sessionBytes: 10 * 1024 * 1024,
};

/** Keeps in memory what streams carried; what its client does not have after a second is written, sealed. */
export function createEventLog(
  deps: Pick<RelayDeps, "store" | "now" | "log"> & { writer: EventWriter },
  limits: EventLimits = LIMITS,
): EventLog {
  const { now, writer } = deps;
  const dirty = new Set<Stream>();
  let sweptAt = now();

  const kept = createKeptStreams(limits, (stream) => {
    dirty.delete(stream);
    if (stream.writtenSeq >= 0) writer.drop(streamHash(stream.key));
  });

  const add = (stream: Stream): Stream => {
    kept.add(stream);
    return stream;
  };

  const make = (
    owner: StreamOwner,
    purpose: StreamPurpose,
    pending: number,
    key = createId("call", now()),
  ): Stream => ({
    ...owner,
    key,
    purpose,
    events: [],
    nextSeq: 0,
    bytes: 0,
    pending,
    touchedAt: now(),
    writtenSeq: -1,
    state: "kept",
  });

  const standaloneOf = ({ sessionId }: StreamOwner): Stream | undefined =>
    kept.ofSession(sessionId).find(({ purpose }) => purpose === "standalone");

  const keep = (stream: Stream, seq: number, text: string): void => {
    stream.events.push({ seq, text });
    stream.touchedAt = now();
    kept.grow(stream, text.length);
  };

  const load = async (owner: StreamOwner, { key, seq, purpose }: EventId): Promise<Stream> => {
    const rows = await findStreamEvents(deps.store.db, streamHash(key));
    const known = kept.get(key);
    if (known?.sessionId === owner.sessionId) return known;
    const stream = make(owner, purpose, purpose === "standalone" ? 0 : 1, key);
    stream.nextSeq = seq + 1;
    // Ids are the client's to make up: nothing is kept of what was never there, and nothing of others' goes for it.
    if (rows.length === 0 || known !== undefined) return Object.assign(stream, { state: "dropped" as const });
    add(stream);
    for (const row of rows) restore(stream, row);
    return stream;
  };

  const restore = (stream: Stream, row: StreamEventRow): void => {
    const text = openEvent(row.sealed, { key: stream.key, bound: boundOf(stream, row.seq) });
    // It may have been too much already.
    if (text === null || stream.state === "dropped") return;
    stream.writtenSeq = row.seq;
    stream.nextSeq = Math.max(stream.nextSeq, row.seq + 1);
    if (isAnswer(text)) stream.pending = 0;
    keep(stream, row.seq, text);
  };

  const flush = (): void => {
    for (const stream of dirty) {
      if (stream.state !== "kept") continue;
      const { key } = stream;
      for (const { seq, text } of stream.events) {
        if (seq <= stream.writtenSeq) continue;
        writer.add({
          streamHash: streamHash(key),
          seq,
          sealed: sealEvent(text, { key, bound: boundOf(stream, seq) }),
          createdAt: now(),
        });
        stream.writtenSeq = seq;
      }
    }
    dirty.clear();
    const time = now();
    kept.expire(time);
    if (time - sweptAt >= SWEEP_MS) sweep(time);
  };

  const sweep = (time: number): void => {
    sweptAt = time;
    for (const stream of kept.all()) if (stream.touchedAt <= time - KEEP_MS) kept.drop(stream);
  };

  const timer = setInterval(() => {
    flush();
    writer.flush().catch((error: unknown) => deps.log.error({ err: error }, "stream events were not written"));
  }, FLUSH_MS).unref();

  return {
    open: (owner, purpose, answers) => add(make(owner, purpose, answers)),
    standalone: (owner) => standaloneOf(owner) ?? add(make(owner, "standalone", 0)),
    append: (stream, message) => {
      const seq = stream.nextSeq;
      stream.nextSeq += 1;
      if (message !== null) {
        if ("result" in message || "error" in message) stream.pending -= 1;
        if (stream.state === "kept") {
          keep(stream, seq, JSON.stringify(message));
          dirty.add(stream);
        }
      }
      return formatEventId({ key: stream.key, seq, purpose: stream.purpose });
    },
    delivered: (stream) => {
      if (stream.pending > 0 || stream.state !== "kept" || stream.purpose === "standalone") return;
      kept.delivered(stream, now() + DELIVERED_MS);
    },
    find: async (owner, at) => {
      const known = kept.get(at.key);
      return known?.sessionId === owner.sessionId ? known : load(owner, at);
    },
    drop: (sessionIds) => {
      for (const sessionId of sessionIds) for (const stream of kept.ofSession(sessionId)) kept.drop(stream);
    },
    close: async () => {
      clearInterval(timer);
      flush();
      await writer.flush();
    },
    size: kept.size,
  };
}

/** A row belongs to its session and place. */
const boundOf = ({ sessionId }: Stream, seq: number): string => `${sessionId} ${seq}`;

function isAnswer(text: string): boolean {
  const message: unknown = JSON.parse(text);
  return typeof message === "object" && message !== null && ("result" in message || "error" in message);
}
