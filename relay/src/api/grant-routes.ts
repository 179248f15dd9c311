import { grantsSchema, type Grant } from "@agent-personas/shared/api/grants";
import { AppError } from "@agent-personas/shared/errors/app-error";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { grantIdSchema, personaIdSchema } from "@agent-personas/shared/primitives/id";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { toToolNames } from "../inbound/tool-refs.ts";
import { loadOwnKeyPersona } from "../inbound/load-own-key.ts";
import { plainText } from "../oauth/pages/plain-text.ts";
import { findGrant, listGrants, type GrantRow } from "../store/grants.ts";
import { deviceOf } from "./device-auth.ts";
import { LIMITS } from "./limits.ts";

type Deps = Pick<RelayDeps, "store" | "now" | "personas" | "authorization" | "sessions">;

const personaParams = z.strictObject({ personaId: personaIdSchema });
const grantParams = z.strictObject({ grantId: grantIdSchema });
/** How long a grant that was ended for reuse stays in the list, for its person to see. Milliseconds. */
const REUSE_SHOWN = 30 * 24 * 60 * 60_000;

/** The AI clients that a person allowed to use a persona. */
export function grantRoutes(app: FastifyInstance, deps: Deps): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    "/personas/:personaId/grants",
    { schema: { params: personaParams, response: { 200: grantsSchema } }, config: LIMITS.reading },
    async (request) => {
      const { personaId } = await loadOwnKeyPersona(deps, deviceOf(request), request.params.personaId);
      const now = deps.now();
      const grants = await listGrants(deps.store.db, { personaId, now, reusedSince: now - REUSE_SHOWN });
      const persona = await deps.personas.byId(personaId);
      return { grants: persona === null ? [] : grants.map((grant) => renderGrant(grant, persona.version)) };
    },
  );
  routes.delete(
    "/grants/:grantId",
    { schema: { params: grantParams, response: { 204: z.undefined() } }, config: LIMITS.writing },
    async (request, reply) => {
      const { grantId } = request.params;
      const grant = await findGrant(deps.store.db, grantId);
      if (grant === null || grant.userId !== deviceOf(request).userId) throw new AppError("grant_not_found");
      await deps.authorization.revokeGrant(grantId);
      await deps.sessions.closeOfPrincipal(grantId);
      return reply.code(204).send(undefined);
    },
  );
}

function renderGrant(grant: GrantRow, version: PersonaVersion): Grant {
  return {
    grantId: grant.grantId,
    personaId: grant.personaId,
    client: { name: plainText(grant.clientName, 80) || "?", redirectHost: grant.redirectHost },
    scopes: [...grant.scopes],
    tools: toToolNames(grant.tools, version),
    createdAt: grant.createdAt,
    lastUsedAt: grant.lastUsedAt,
    expiresAt: grant.expiresAt,
    endedForReuseAt: grant.endedForReuseAt,
  };
}
