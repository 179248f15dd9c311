import { AppError } from "@agent-personas/shared/errors/app-error";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";

/** Requests per minute and address. */
export const LIMITS = {
  pairing: { rateLimit: { max: 20, timeWindow: "1 minute" } },
  polling: { rateLimit: { max: 240, timeWindow: "1 minute" } },
  reading: { rateLimit: { max: 600, timeWindow: "1 minute" } },
  /** Pages of a sign-in and their forms; guesses have limits of their own. */
  signIn: { rateLimit: { max: 120, timeWindow: "1 minute" } },
  /** Each may make the relay ask an address that a person typed. */
  trying: { rateLimit: { max: 30, timeWindow: "1 minute" } },
  writing: { rateLimit: { max: 240, timeWindow: "1 minute" } },
} as const;

/** Per-route limits; a route without one is not limited here. */
export async function limitRoutes(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, context) =>
      new AppError("rate_limited", { detail: { retryAfter: String(Math.max(1, Math.ceil(context.ttl / 1_000))) } }),
  });
}
