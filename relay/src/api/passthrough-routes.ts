import { triedTokenSchema, tryTokenSchema } from "@agent-personas/shared/api/passthrough";
import { passthroughEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { RelayDeps } from "../deps.ts";
import { loadOwnPersona } from "../personas/load-own-persona.ts";
import { deviceOf } from "./device-auth.ts";
import { LIMITS } from "./limits.ts";

type Deps = Pick<RelayDeps, "config" | "store" | "foreignTokens">;

/** Tries a token against a check as the endpoint would make it, before or after the persona is saved. */
export function passthroughRoutes(app: FastifyInstance, deps: Deps): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.post(
    "/passthrough/tries",
    { schema: { body: tryTokenSchema, response: { 200: triedTokenSchema } }, config: LIMITS.trying },
    async (request) => {
      const { personaId, check, token } = request.body;
      const persona = personaId === null ? null : await loadOwnPersona(deps, deviceOf(request), personaId);
      const audience = persona === null ? null : passthroughEndpointUrl(deps.config.publicUrl, persona.slug);
      const { accepted, checks } = await deps.foreignTokens.verify(token, { check, audience });
      return { accepted, checks };
    },
  );
}
