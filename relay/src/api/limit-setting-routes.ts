import { limitsOverviewSchema, limitsSchema } from "@agent-personas/shared/api/limits";
import { personaIdSchema } from "@agent-personas/shared/primitives/id";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { changePersonaLimits, changePersonLimits } from "../limits/change-limits.ts";
import { limitsOverview } from "../limits/limits-overview.ts";
import { deviceOf } from "./device-auth.ts";
import { LIMITS } from "./limits.ts";

type Deps = Pick<RelayDeps, "config" | "store" | "now" | "personas" | "limits">;

const personaParams = z.strictObject({ personaId: personaIdSchema });
const changed = { 204: z.undefined() };

/** Rates and budgets that a person sets. */
export function limitSettingRoutes(app: FastifyInstance, deps: Deps): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get("/limits", { schema: { response: { 200: limitsOverviewSchema } }, config: LIMITS.reading }, (request) =>
    limitsOverview(deps, deviceOf(request)),
  );
  routes.put(
    "/limits",
    { schema: { body: limitsSchema, response: changed }, config: LIMITS.writing },
    async (request, reply) => {
      await changePersonLimits(deps, deviceOf(request), request.body);
      return reply.code(204).send(undefined);
    },
  );
  routes.put(
    "/personas/:personaId/limits",
    { schema: { params: personaParams, body: limitsSchema, response: changed }, config: LIMITS.writing },
    async (request, reply) => {
      await changePersonaLimits(deps, deviceOf(request), { ...request.params, ...request.body });
      return reply.code(204).send(undefined);
    },
  );
}
