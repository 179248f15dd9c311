import {
  accessKeySchema,
  accessKeysSchema,
  createdKeySchema,
  createKeySchema,
  editKeySchema,
} from "@agent-personas/shared/api/personas";
import { keyIdSchema, personaIdSchema } from "@agent-personas/shared/primitives/id";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { createKey } from "../inbound/create-key.ts";
import { editKey, revokeKey } from "../inbound/edit-key.ts";
import { loadOwnKeyPersona } from "../inbound/load-own-key.ts";
import { renderKey } from "../inbound/render-key.ts";
import { listKeys } from "../store/access-keys.ts";
import { deviceOf } from "./device-auth.ts";
import { LIMITS } from "./limits.ts";

type Deps = Pick<RelayDeps, "store" | "now" | "personas" | "devices" | "sessions" | "authorization" | "limits"> & {
  relayId: string;
};

const personaParams = z.strictObject({ personaId: personaIdSchema });
const keyParams = z.strictObject({ keyId: keyIdSchema });

export function keyRoutes(app: FastifyInstance, deps: Deps): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    "/personas/:personaId/keys",
    { schema: { params: personaParams, response: { 200: accessKeysSchema } }, config: LIMITS.reading },
    async (request) => {
      const persona = await loadOwnKeyPersona(deps, deviceOf(request), request.params.personaId);
      const keys = await listKeys(deps.store.db, persona.personaId);
      return { keys: keys.map((key) => renderKey(key, persona, deps.now())) };
    },
  );
  routes.post(
    "/personas/:personaId/keys",
    {
      schema: { params: personaParams, body: createKeySchema, response: { 201: createdKeySchema } },
      config: LIMITS.writing,
    },
    async (request, reply) => {
      const created = await createKey(deps, deviceOf(request), { ...request.params, ...request.body });
      return reply.code(201).send(created);
    },
  );
  routes.patch(
    "/keys/:keyId",
    {
      schema: { params: keyParams, body: editKeySchema, response: { 200: accessKeySchema } },
      config: LIMITS.writing,
    },
    (request) => editKey(deps, deviceOf(request), request.params.keyId, request.body),
  );
  routes.delete(
    "/keys/:keyId",
    { schema: { params: keyParams, response: { 204: z.undefined() } }, config: LIMITS.writing },
    async (request, reply) => {
      await revokeKey(deps, deviceOf(request), request.params.keyId);
      return reply.code(204).send(undefined);
    },
  );
}
