import { endpointUrl, passthroughEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import type { FastifyRequest } from "fastify";
import type { EndpointAddress, RelayDeps } from "../deps.ts";
import { foreignIssuerOf } from "../inbound/passthrough/foreign-issuer.ts";

/** The routes of the endpoint. `GET /` for people is answered before any route is asked. */
export const ENDPOINT_ROUTES: Readonly<Record<string, EndpointAddress["kind"]>> = {
  "/p/:slug/mcp": "persona",
  "/k/:slug/mcp": "keys",
  "/x/:slug/mcp": "passthrough",
  "/mcp": "bare",
  "/": "bare",
};

export type EndpointRequest = FastifyRequest<{ Params: { slug?: string } }>;

export function addressOf(request: EndpointRequest): EndpointAddress {
  return { kind: ENDPOINT_ROUTES[request.routeOptions.url ?? ""] ?? "bare", slug: request.params.slug ?? null };
}

/**
 * Where clients read how to sign in for an address; null where nobody can. An unknown persona is one of those, and so
 * looks like one that takes access keys only.
 */
export async function resourceMetadataOf(
  request: EndpointRequest,
  { config, personas }: Pick<RelayDeps, "config" | "personas">,
): Promise<string | null> {
  const { kind, slug } = addressOf(request);
  if (kind === "keys") return null;
  const start = `${config.publicUrl}/.well-known/oauth-protected-resource`;
  if (slug === null) return request.routeOptions.url === "/mcp" ? `${start}/mcp` : start;
  const persona = await personas.bySlug(slug);
  if (kind === "passthrough") {
    return foreignIssuerOf(persona) === null
      ? null
      : start + new URL(passthroughEndpointUrl(config.publicUrl, slug)).pathname;
  }
  return persona?.version.inbound.interactive === true
    ? start + new URL(endpointUrl(config.publicUrl, slug)).pathname
    : null;
}
