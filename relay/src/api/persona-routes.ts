import {
  acceptanceSchema,
  personasSchema,
  savePersonaSchema,
  storedPersonaSchema,
} from "@agent-personas/shared/api/personas";
import { SIGNED_PERSONA_LENGTH } from "@agent-personas/shared/persona/persona-signature";
import { personaIdSchema } from "@agent-personas/shared/primitives/id";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { acceptVersion } from "../personas/accept-version.ts";
import { deletePersona } from "../personas/delete-persona.ts";
import { savePersona } from "../personas/save-persona.ts";
import { listPersonas } from "../store/personas.ts";
import { deviceOf } from "./device-auth.ts";
import { LIMITS } from "./limits.ts";

type Deps = Pick<RelayDeps, "store" | "now" | "personas" | "tunnel" | "sessions" | "log" | "authorization">;

const personaParams = z.strictObject({ personaId: personaIdSchema });
/** A signed version and the JSON around it. */
const BODY_BYTES = SIGNED_PERSONA_LENGTH + 1_024;

export function personaRoutes(app: FastifyInstance, deps: Deps): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    "/personas",
    { schema: { response: { 200: personasSchema } }, config: LIMITS.reading },
    async (request) => ({
      personas: await listPersonas(deps.store.db, deviceOf(request).userId),
    }),
  );
  routes.put(
    "/personas/:personaId",
    {
      schema: { params: personaParams, body: savePersonaSchema, response: { 200: storedPersonaSchema } },
      bodyLimit: BODY_BYTES,
      config: LIMITS.writing,
    },
    (request) => savePersona(deps, deviceOf(request), { ...request.params, ...request.body }),
  );
  routes.delete(
    "/personas/:personaId",
    { schema: { params: personaParams, response: { 204: z.undefined() } }, config: LIMITS.writing },
    async (request, reply) => {
      await deletePersona(deps, deviceOf(request), request.params.personaId);
      return reply.code(204).send(undefined);
    },
  );
  routes.put(
    "/personas/:personaId/acceptance",
    {
      schema: { params: personaParams, body: acceptanceSchema, response: { 200: acceptanceSchema } },
      config: LIMITS.writing,
    },
    async (request) => {
      await acceptVersion(deps, deviceOf(request), { ...request.params, ...request.body });
      return request.body;
    },
  );
}
