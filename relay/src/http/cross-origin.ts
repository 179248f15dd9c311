import cors, { type FastifyCorsOptions } from "@fastify/cors";
import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../deps.ts";
import { isAllowedOrigin } from "./check-origin.ts";
import { isOpenPath } from "./open-paths.ts";

const PREFLIGHT_SECONDS = 600;

/** Answers preflights of the origins that `checkOrigin` lets through. No cookie is allowed from any of them. */
export async function crossOrigin(app: FastifyInstance, { config }: Pick<RelayDeps, "config">): Promise<void> {
  const common: FastifyCorsOptions = {
    credentials: false,
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    exposedHeaders: ["WWW-Authenticate", "Mcp-Session-Id", "Retry-After", "X-Request-Id"],
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: false,
  };
  const open: FastifyCorsOptions = { ...common, origin: "*" };
  const guarded: FastifyCorsOptions = {
    ...common,
    origin: (origin, decide) => decide(null, isAllowedOrigin(origin, config)),
  };
  await app.register(cors, {
    delegator: (request, decide) => decide(null, isOpenPath(request.url) ? open : guarded),
  });
}
