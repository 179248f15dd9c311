/** A persona's address for OAuth clients and keys. `relayUrl` has no trailing slash. */
export const endpointUrl = (relayUrl: string, slug: string): string => `${relayUrl}/p/${slug}/mcp`;

/** The same persona for access keys only: it serves no OAuth discovery, which makes some clients drop headers. */
export const keyEndpointUrl = (relayUrl: string, slug: string): string => `${relayUrl}/k/${slug}/mcp`;
