import type { Stream } from "./event-log.ts";

/** How much is held at most; bytes are characters of JSON. */
export type EventLimits = { streams: number; bytes: number; sessionStreams: number; sessionBytes: number };

/**
 * The streams in memory, oldest first. Where there is no more room, those go that their clients have whole; then, of one
 * session, its oldest; and of all together the oldest of the person who holds most, so that nobody's traffic costs
 * another the answer to a call that still runs.
 */
export type KeptStreams = {
  get: (key: string) => Stream | undefined;
  all: () => Iterable<Stream>;
  ofSession: (sessionId: string) => readonly Stream[];
  add: (stream: Stream) => void;
  /** The stream, which is kept, holds so many more characters. It may have to go for that itself. */
  grow: (stream: Stream, length: number) => void;
  /** Its client has all of it; it goes at that time at the latest. */
  delivered: (stream: Stream, until: number) => void;
  drop: (stream: Stream) => void;
  /** Drops what was delivered and whose time has come. */
  expire: (now: number) => void;
  size: () => { streams: number; bytes: number };
};

type Holder = { streams: Set<Stream>; bytes: number };
type Measure = (holder: Holder) => number;
/** Whether room is made when it goes. */
type Gives = (stream: Stream) => boolean;

const byStreams: Measure = ({ streams }) => streams.size;
const byBytes: Measure = ({ bytes }) => bytes;

/** `onDrop` hears of each stream that goes, before its events are forgotten. */
export function createKeptStreams(limits: EventLimits, onDrop: (stream: Stream) => void): KeptStreams {
  const streams = new Map<string, Stream>();
  const bySession = new Map<string, Holder>();
  const byUser = new Map<string, Holder>();
  /** Until when they are kept; in order of that. */
  const delivered = new Map<Stream, number>();
  let bytes = 0;

  const drop = (stream: Stream): void => {
    if (stream.state === "dropped") return;
    onDrop(stream);
    stream.state = "dropped";
    bytes -= stream.bytes;
    streams.delete(stream.key);
    delivered.delete(stream);
    leave(bySession, stream.sessionId, stream);
    leave(byUser, stream.userId, stream);
    stream.events = [];
    stream.bytes = 0;
  };

  /** Over all people; looked for only when there is nothing left that was delivered. */
  const largest = (measure: Measure): Holder | undefined => {
    let found: Holder | undefined;
    for (const holder of byUser.values()) {
      if (found === undefined || measure(holder) > measure(found)) found = holder;
    }
    return found;
  };

  const makeRoomInSession = (sessionId: string, isFull: (session: Holder) => boolean, gives: Gives): void => {
    for (let own = bySession.get(sessionId); own !== undefined && isFull(own); own = bySession.get(sessionId)) {
      const stream = firstOf(own.streams, (each) => delivered.has(each) && gives(each)) ?? firstOf(own.streams, gives);
      if (stream === undefined) return;
      drop(stream);
    }
  };

  const makeRoom = (isFull: () => boolean, measure: Measure, gives: Gives): void => {
    while (isFull()) {
      const stream = firstOf(delivered.keys(), gives) ?? firstOf(largest(measure)?.streams ?? [], gives);
      if (stream === undefined) return;
      drop(stream);
    }
  };

  return {
    get: (key) => streams.get(key),
    all: () => streams.values(),
    ofSession: (sessionId) => [...(bySession.get(sessionId)?.streams ?? [])],
    add: (stream) => {
      makeRoomInSession(stream.sessionId, (session) => session.streams.size >= limits.sessionStreams, any);
      makeRoom(() => streams.size >= limits.streams, byStreams, any);
      streams.set(stream.key, stream);
      bytes += stream.bytes;
      join(bySession, stream.sessionId, stream);
      join(byUser, stream.userId, stream);
    },
    grow: (stream, length) => {
      stream.bytes += length;
      bytes += length;
      for (const holder of [bySession.get(stream.sessionId), byUser.get(stream.userId)]) {
        if (holder !== undefined) holder.bytes += length;
      }
      makeRoomInSession(stream.sessionId, (session) => session.bytes > limits.sessionBytes, holds);
      makeRoom(() => bytes > limits.bytes, byBytes, holds);
    },
    delivered: (stream, until) => {
      stream.state = "delivered";
      delivered.set(stream, until);
    },
    drop,
    expire: (now) => {
      for (const [stream, until] of delivered) {
        if (until > now) return;
        drop(stream);
      }
    },
    size: () => ({ streams: streams.size, bytes }),
  };
}

const any: Gives = () => true;
const holds: Gives = ({ bytes }) => bytes > 0;

function firstOf(streams: Iterable<Stream>, gives: Gives): Stream | undefined {
  for (const stream of streams) if (gives(stream)) return stream;
  return undefined;
}

function join(holders: Map<string, Holder>, id: string, stream: Stream): void {
  const holder = holders.get(id) ?? { streams: new Set(), bytes: 0 };
  holder.streams.add(stream);
  holder.bytes += stream.bytes;
  holders.set(id, holder);
}

function leave(holders: Map<string, Holder>, id: string, stream: Stream): void {
  const holder = holders.get(id);
  if (holder === undefined) return;
  if (holder.streams.delete(stream)) holder.bytes -= stream.bytes;
  if (holder.streams.size === 0) holders.delete(id);
}
