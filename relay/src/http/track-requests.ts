import type { FastifyInstance } from "fastify";

export type RequestTracker = {
  /** Waits until every request in hand is answered, at most `deadlineMs`. */
  drain: (deadlineMs: number) => Promise<void>;
};

/** Counts requests in hand. Streams opened by GET have no end to wait for, so they do not count. */
export function trackRequests(app: FastifyInstance): RequestTracker {
  let inHand = 0;
  const waiting = new Set<() => void>();
  app.addHook("onRequest", async (request, reply) => {
    if (request.method === "GET" || request.method === "HEAD") return;
    inHand += 1;
    reply.raw.once("close", () => {
      inHand -= 1;
      if (inHand === 0) for (const resolve of waiting) resolve();
    });
  });
  return {
    drain: async (deadlineMs) => {
      if (inHand === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, deadlineMs);
      waiting.add(resolve);
      await promise;
      waiting.delete(resolve);
      clearTimeout(timer);
    },
  };
}
