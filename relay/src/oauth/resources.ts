import { endpointUrl } from "@agent-personas/shared/primitives/endpoint";
import { slugSchema } from "@agent-personas/shared/primitives/slug";

/** What a token can be for: one persona's endpoint, or the bare relay (`slug` null), whose spellings are one resource. */
export type Resource = { uri: string; slug: string | null };

/** The resource that an address names; null when this relay has none there. */
export function readResource(publicUrl: string, address: string): Resource | null {
  // VS Code's web build sends `https:/host/…`.
  const text = address.replace(/^(https?:)\/(?!\/)/u, "$1//");
  if (text === publicUrl || text === `${publicUrl}/` || text === `${publicUrl}/mcp`) return bareResource(publicUrl);
  const slug = /^\/p\/([^/]+)\/mcp$/u.exec(text.startsWith(publicUrl) ? text.slice(publicUrl.length) : "")?.[1];
  if (slug === undefined || !slugSchema.safeParse(slug).success) return null;
  return { uri: endpointUrl(publicUrl, slug), slug };
}

export const bareResource = (publicUrl: string): Resource => ({ uri: publicUrl, slug: null });
