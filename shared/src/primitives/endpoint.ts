/** The address to hand out: the one for sign-ins, which takes keys too, unless keys are the only way in. */
export const addressOf = (relayUrl: string, persona: { slug: string; interactive: boolean }): string =>
  persona.interactive ? endpointUrl(relayUrl, persona.slug) : keyEndpointUrl(relayUrl, persona.slug);

/** A persona's address for OAuth clients and keys. `relayUrl` has no trailing slash. */
export const endpointUrl = (relayUrl: string, slug: string): string => `${relayUrl}/p/${slug}/mcp`;

/** The same persona for access keys only: it serves no OAuth discovery, which makes some clients drop headers. */
export const keyEndpointUrl = (relayUrl: string, slug: string): string => `${relayUrl}/k/${slug}/mcp`;

/** The same persona for callers that bring the apps' credentials themselves. */
export const passthroughEndpointUrl = (relayUrl: string, slug: string): string => `${relayUrl}/x/${slug}/mcp`;
