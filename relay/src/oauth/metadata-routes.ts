import { SCOPES } from "@agent-personas/shared/persona/scope";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { RelayDeps } from "../deps.ts";
import { grantTypes } from "./grant-types.ts";
import { ROUTES } from "./provider.ts";
import { bareResource, readResource } from "./resources.ts";

/** What clients may ask for without a reason of their own; the rest is asked for when a call needs it. */
const BASIC_SCOPES = ["read", "write"];
const CACHE_SECONDS = 300;

type Deps = Pick<RelayDeps, "config" | "personas">;

/**
 * The documents by which clients find the authorization server, at every address that clients look at: well-known
 * before the endpoint's path (RFC 9728, RFC 8414), at the root, and after the path. None for the keys' endpoint.
 */
export function metadataRoutes(app: FastifyInstance, deps: Deps): void {
  const { publicUrl } = deps.config;
  const server = describeServer(deps.config);

  app.get("/.well-known/oauth-protected-resource", async (_request, reply) =>
    send(reply, describeResource(publicUrl, bareResource(publicUrl).uri)),
  );
  for (const path of ["/.well-known/oauth-protected-resource/mcp", "/mcp/.well-known/oauth-protected-resource"]) {
    app.get(path, async (_request, reply) => send(reply, describeResource(publicUrl, `${publicUrl}/mcp`)));
  }
  for (const name of ["oauth-authorization-server", "openid-configuration"]) {
    app.get(`/.well-known/${name}`, async (_request, reply) => send(reply, server));
    app.get(`/.well-known/${name}/mcp`, async (_request, reply) => send(reply, server));
    app.get(`/mcp/.well-known/${name}`, async (_request, reply) => send(reply, server));
  }

  for (const name of ["oauth-protected-resource", "oauth-authorization-server", "openid-configuration"]) {
    for (const path of [`/.well-known/${name}/p/:slug/mcp`, `/p/:slug/mcp/.well-known/${name}`]) {
      app.get<{ Params: { slug: string } }>(path, async (request, reply) => {
        const resource = await findResource(deps, request.params.slug);
        if (resource === null) return reply.callNotFound();
        return send(reply, name === "oauth-protected-resource" ? describeResource(publicUrl, resource) : server);
      });
    }
  }
}

async function findResource({ config, personas }: Deps, slug: string): Promise<string | null> {
  const resource = readResource(config.publicUrl, `${config.publicUrl}/p/${slug}/mcp`);
  if (resource === null) return null;
  const persona = await personas.bySlug(slug);
  return persona?.version.inbound.interactive === true ? resource.uri : null;
}

function describeResource(publicUrl: string, resource: string): Record<string, unknown> {
  return {
    resource,
    authorization_servers: [publicUrl],
    scopes_supported: BASIC_SCOPES,
    bearer_methods_supported: ["header"],
    resource_name: "Agent Personas",
  };
}

function describeServer(config: Deps["config"]): Record<string, unknown> {
  const { publicUrl, deviceFlow } = config;
  const methods = ["none", "client_secret_basic", "client_secret_post"];
  return {
    issuer: publicUrl,
    authorization_endpoint: `${publicUrl}${ROUTES.authorization}`,
    token_endpoint: `${publicUrl}${ROUTES.token}`,
    registration_endpoint: `${publicUrl}${ROUTES.registration}`,
    revocation_endpoint: `${publicUrl}${ROUTES.revocation}`,
    ...(deviceFlow ? { device_authorization_endpoint: `${publicUrl}${ROUTES.device_authorization}` } : {}),
    jwks_uri: `${publicUrl}${ROUTES.jwks}`,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: grantTypes(config),
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    scopes_supported: [...SCOPES, "offline_access"],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}

function send(reply: FastifyReply, document: Record<string, unknown>): FastifyReply {
  return reply
    .header("cache-control", `public, max-age=${CACHE_SECONDS}`)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify(document));
}
