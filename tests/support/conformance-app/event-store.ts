import type { EventStore } from "@modelcontextprotocol/server";

const MAX_EVENTS = 2_000;

/** Events of one session, the newest kept; an id is stream and number. */
export function createEventStore(): EventStore {
  const events = new Map<string, { streamId: string; message: Parameters<EventStore["storeEvent"]>[1] }>();
  let count = 0;
  return {
    storeEvent(streamId, message) {
      count += 1;
      const eventId = `${streamId}.${count}`;
      events.set(eventId, { streamId, message });
      const [oldest] = events.keys();
      if (events.size > MAX_EVENTS && oldest !== undefined) events.delete(oldest);
      return Promise.resolve(eventId);
    },
    getStreamIdForEventId: (eventId) => Promise.resolve(events.has(eventId) ? streamOf(eventId) : undefined),
    async replayEventsAfter(lastEventId, { send }) {
      const streamId = streamOf(lastEventId);
      let passed = false;
      for (const [eventId, event] of events) {
        // What primes a stream has no message to repeat.
        if (passed && event.streamId === streamId && "jsonrpc" in event.message) await send(eventId, event.message);
        passed ||= eventId === lastEventId;
      }
      return streamId;
    },
  };
}

const streamOf = (eventId: string): string => eventId.slice(0, eventId.lastIndexOf("."));
