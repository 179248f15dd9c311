import { passthroughEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../../deps.ts";
import { foreignIssuerOf } from "./foreign-issuer.ts";

const CACHE_SECONDS = 300;

/**
 * Where callers of a passthrough endpoint get their tokens: at the foreign issuer, whose own documents say the rest.
 * Nothing is served for an endpoint without one, nor for an address without a persona.
 */
export function foreignMetadataRoutes(
  app: FastifyInstance,
  { config, personas }: Pick<RelayDeps, "config" | "personas">,
): void {
  const name = ".well-known/oauth-protected-resource";
  for (const path of [`/${name}/x/:slug/mcp`, `/x/:slug/mcp/${name}`]) {
    app.get<{ Params: { slug: string } }>(path, async (request, reply) => {
      const persona = await personas.bySlug(request.params.slug);
      const issuer = foreignIssuerOf(persona);
      if (persona === null || issuer === null) return reply.callNotFound();
      return reply.header("cache-control", `public, max-age=${CACHE_SECONDS}`).send({
        resource: passthroughEndpointUrl(config.publicUrl, persona.slug),
        authorization_servers: [issuer],
        bearer_methods_supported: ["header"],
        resource_name: "Agent Personas",
      });
    });
  }
}
