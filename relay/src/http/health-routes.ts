import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";

const upSchema = z.strictObject({ status: z.literal("up") });
const readinessSchema = z.strictObject({ status: z.enum(["ready", "stopping", "database_unavailable"]) });

export function healthRoutes(
  app: FastifyInstance,
  deps: Pick<RelayDeps, "store"> & { isStopping: () => boolean },
): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get("/healthz", { schema: { response: { 200: upSchema } } }, () => ({ status: "up" as const }));
  routes.get(
    "/readyz",
    { schema: { response: { 200: readinessSchema, 503: readinessSchema } } },
    async (_request, reply) => {
      if (deps.isStopping()) return reply.code(503).send({ status: "stopping" });
      if (!(await deps.store.ready())) return reply.code(503).send({ status: "database_unavailable" });
      return reply.send({ status: "ready" });
    },
  );
}
