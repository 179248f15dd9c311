/** The address to hand out: the one for sign-ins, which takes keys too; else the one for keys; else for passthrough. */
export function addressOf(relayUrl: string, persona: AddressedPersona): string {
  if (persona.interactive) return endpointUrl(relayUrl, persona.slug);
  return persona.accessKeys ? keyEndpointUrl(relayUrl, persona.slug) : passthroughEndpointUrl(relayUrl, persona.slug);
}

/** A persona with the ways in that decide its address. */
type AddressedPersona = { slug: string; interactive: boolean; accessKeys: boolean };

/** A persona's address for OAuth clients and keys. `relayUrl` has no trailing slash. */
export const endpointUrl = (relayUrl: string, slug: string): string => `${relayUrl}/p/${slug}/mcp`;

/** The same persona for access keys only: it serves no OAuth discovery, which makes some clients drop headers. */
export const keyEndpointUrl = (relayUrl: string, slug: string): string => `${relayUrl}/k/${slug}/mcp`;

/** The same persona for callers that bring the apps' credentials themselves. */
export const passthroughEndpointUrl = (relayUrl: string, slug: string): string => `${relayUrl}/x/${slug}/mcp`;
