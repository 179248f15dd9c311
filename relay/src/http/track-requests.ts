import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

export type RequestTracker = {
  /** Waits until every request in hand is answered, at most `deadlineMs`. */
  drain: (deadlineMs: number) => Promise<void>;
};

/** Counts requests in hand. Streams opened by GET have no end to wait for, so they do not count. */
export function trackRequests(app: FastifyInstance): RequestTracker {
  let inHand = 0;
  let onIdle = (): void => undefined;
  app.addHook("onRequest", async (request, reply) => {
    if (request.method === "GET" || request.method === "HEAD") return;
    inHand += 1;
    reply.raw.once("close", () => {
      inHand -= 1;
      if (inHand === 0) onIdle();
    });
  });
  return {
    drain: async (deadlineMs) => {
      if (inHand === 0) return;
      const stopped = new AbortController();
      const idle = new Promise<void>((resolve) => {
        onIdle = resolve;
      });
      await Promise.race([
        idle,
        delay(deadlineMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined),
      ]);
      stopped.abort();
    },
  };
}
