import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../deps.ts";
import { isAllowedOrigin } from "./check-origin.ts";

const PREFLIGHT_SECONDS = 600;

/** Answers preflights of the origins that `checkOrigin` lets through; no cookie is ever read, so none is allowed. */
export async function crossOrigin(app: FastifyInstance, { config }: Pick<RelayDeps, "config">): Promise<void> {
  await app.register(cors, {
    origin: (origin, decide) => decide(null, isAllowedOrigin(origin, config)),
    credentials: false,
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    exposedHeaders: ["WWW-Authenticate", "Mcp-Session-Id", "Retry-After", "X-Request-Id"],
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: false,
  });
}
