/** The stream over which an app of the 2025 eras speaks outside of its answers, in one session of one caller. */
export type StandingStream = {
  /** Stands in for the answer to the session's GET; what is heard while anybody holds it comes through. */
  answer(connect: (signal: AbortSignal) => Promise<Response>, session: AbortSignal | null): Response;
  /** Connected when it resolves, or given up; for as long as the answer was not called. Never rejects. */
  hold(): Promise<() => void>;
};

type Member = { isIdle(): boolean; close(): void };

/** Such a stream is never there; 200 is a page for people. Others may have trouble, or the last one not closed yet (409). */
export const NOT_OFFERED: ReadonlySet<number> = new Set([200, 400, 404, 405, 406, 501]);
const EVENT_STREAM = { "content-type": "text/event-stream" };
/** How long an app may take to answer before its caller's request goes out regardless. */
const OPEN_MS = 1_000;
/** Calls follow each other closely. */
const LINGER_MS = 5_000;
/** The SDK asks for its stream just after the handshake, or never. */
const ASKED_MS = 100;
const RETRY_MS = 1_000;
const RETRIES = 10;

/**
 * Some apps put their questions there although the call they are about has a stream of its own. A browser keeps six
 * connections to a host, so that streams of many sessions would leave none to call with: each is there during calls
 * only, and at most `places` at a time.
 */
export function createStandingStreams(places: number): () => StandingStream {
  const members = new Set<Member>();
  const enter = (member: Member): boolean => {
    if (members.size >= places) [...members].find((each) => each.isIdle())?.close();
    if (members.size >= places) return false;
    members.add(member);
    return true;
  };
  return () => createStandingStream({ enter, leave: (member) => void members.delete(member) });
}

type Places = { enter(member: Member): boolean; leave(member: Member): void };

function createStandingStream(places: Places): StandingStream {
  const asked = Promise.withResolvers<void>();
  let connect: ((signal: AbortSignal) => Promise<Response>) | null = null;
  let sink: ReadableStreamDefaultController<Uint8Array> | null = null;
  let running: { stop: AbortController; opened: Promise<void> } | null = null;
  let mayBeAsked = true;
  let held = 0;
  let retries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const close = (): void => {
    clearTimeout(timer);
    running?.stop.abort();
    running = null;
    places.leave(member);
  };
  const member: Member = { isIdle: () => held === 0, close };

  const start = (from: NonNullable<typeof connect>): void => {
    if (!places.enter(member)) return;
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    const mine = { stop, opened: Promise.race([promise, after(OPEN_MS)]) };
    running = mine;
    const listen = async (): Promise<void> => {
      const response = await from(stop.signal);
      if (response.body === null || !isEventStream(response)) {
        await response.body?.cancel();
        if (NOT_OFFERED.has(response.status)) connect = null;
        return;
      }
      resolve();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        sink?.enqueue(value);
      }
    };
    void listen()
      .catch(() => undefined)
      .finally(() => {
        resolve();
        if (sink !== null) endEvent(sink);
        if (running !== mine) return;
        close();
        again();
      });
  };

  /** An app, or something on the way, that ends the stream while a call waits for what comes over it. */
  const again = (): void => {
    if (held === 0 || retries === 0) return;
    retries -= 1;
    timer = setTimeout(() => {
      if (connect !== null && running === null) start(connect);
    }, RETRY_MS);
  };

  return {
    answer(from, session) {
      connect = from;
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => void (sink = controller),
        cancel: () => {
          sink = null;
          close();
        },
      });
      const end = (): void => {
        connect = null;
        sink?.close();
        sink = null;
        close();
      };
      if (session?.aborted === true) end();
      else session?.addEventListener("abort", end, { once: true });
      asked.resolve();
      return new Response(body, { headers: EVENT_STREAM });
    },

    async hold() {
      held += 1;
      retries = RETRIES;
      clearTimeout(timer);
      if (mayBeAsked) await Promise.race([asked.promise, after(ASKED_MS)]);
      mayBeAsked = false;
      if (connect !== null && running === null) start(connect);
      await running?.opened;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        held -= 1;
        if (held === 0) timer = setTimeout(close, LINGER_MS);
      };
    },
  };
}

export const isEventStream = ({ ok, headers }: Response): boolean =>
  ok && headers.get("content-type")?.includes("text/event-stream") === true;

/** What was broken off in the middle must not become part of what comes next. */
function endEvent(sink: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    sink.enqueue(new TextEncoder().encode("\n\n"));
  } catch {
    // Nobody reads any more.
  }
}

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
