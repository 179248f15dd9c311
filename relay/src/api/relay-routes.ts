import { relayInfoSchema, type RelayInfo } from "@agent-personas/shared/api/devices";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { RelayDeps } from "../deps.ts";
import { LIMITS } from "./limits.ts";

type Deps = Pick<RelayDeps, "config" | "now"> & { relayId: string; version: string };

export function relayInfo({ config, now, relayId, version }: Deps): RelayInfo {
  return { relayId, publicUrl: config.publicUrl, version, serverTime: now() };
}

/** What anyone may know of this relay. */
export function relayRoutes(app: FastifyInstance, deps: Deps): void {
  app
    .withTypeProvider<ZodTypeProvider>()
    .get("/relay", { schema: { response: { 200: relayInfoSchema } }, config: LIMITS.reading }, () => relayInfo(deps));
}
