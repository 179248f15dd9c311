import { z } from "zod";
import { BASIC_GRANTS, DEVICE_GRANT } from "./grant-types.ts";
import { readRedirectUri } from "./redirect-uri.ts";

/** Clients that list more have to choose. */
const REDIRECT_URIS = 10;
const NAME_LENGTH = 200;
const SECRET_METHODS = ["client_secret_basic", "client_secret_post"];

/** What this relay keeps of a client's metadata; everything else of it is ignored. */
export type ClientMetadata = {
  client_name?: string;
  client_uri?: string;
  redirect_uris: string[];
  grant_types: string[];
  response_types: ["code"];
  application_type: "native";
  token_endpoint_auth_method: string;
};

export type SanitisedClient =
  | { ok: true; metadata: ClientMetadata }
  | { ok: false; error: "invalid_redirect_uri" | "invalid_client_metadata"; description: string };

const bodySchema = z.looseObject({
  redirect_uris: z.array(z.string()).min(1).max(REDIRECT_URIS),
  client_name: z.string().optional().catch(undefined),
  client_uri: z.string().optional().catch(undefined),
  token_endpoint_auth_method: z.string().optional().catch(undefined),
  grant_types: z.array(z.string()).optional().catch(undefined),
});

/**
 * Metadata as real clients send it, made into what the protocol engine takes: harmless oddities (unknown grants,
 * scopes and fields, a wrong application type) are dropped, addresses that codes must not be sent to are refused.
 */
export function sanitiseClient(body: unknown, { deviceFlow }: { deviceFlow: boolean }): SanitisedClient {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) {
    const redirects = parsed.error.issues.some((issue) => issue.path[0] === "redirect_uris");
    return redirects
      ? refuse("invalid_redirect_uri", `redirect_uris must be a list of 1 to ${REDIRECT_URIS} addresses`)
      : refuse("invalid_client_metadata", "the client metadata must be a JSON object");
  }
  const { redirect_uris: uris, client_name: name, client_uri: site, token_endpoint_auth_method: method } = parsed.data;
  const device = deviceFlow && parsed.data.grant_types?.includes(DEVICE_GRANT) === true;
  const refused = uris.find((uri) => readRedirectUri(uri) === null);
  if (refused !== undefined) {
    return refuse("invalid_redirect_uri", "redirect_uris may be https, http on loopback, or a private scheme");
  }
  return {
    ok: true,
    metadata: {
      ...(name === undefined || name.trim() === "" ? {} : { client_name: name.slice(0, NAME_LENGTH) }),
      ...(site !== undefined && isWebPage(site) ? { client_uri: site } : {}),
      redirect_uris: [...new Set(uris.flatMap(withPlainForm))],
      grant_types: [...BASIC_GRANTS, ...(device ? [DEVICE_GRANT] : [])],
      response_types: ["code"],
      application_type: "native",
      token_endpoint_auth_method: method !== undefined && SECRET_METHODS.includes(method) ? method : "none",
    },
  };
}

function refuse(error: "invalid_redirect_uri" | "invalid_client_metadata", description: string): SanitisedClient {
  return { ok: false, error, description };
}

/** Continue registers a loopback address with a `state` of its own, and then uses the address without. */
function withPlainForm(uri: string): string[] {
  const url = new URL(uri);
  if (readRedirectUri(uri)?.kind !== "loopback" || [...url.searchParams.keys()].join(" ") !== "state") return [uri];
  return url.pathname === "/" ? [uri, url.origin, `${url.origin}/`] : [uri, `${url.origin}${url.pathname}`];
}

function isWebPage(site: string): boolean {
  return site.length <= 2_000 && URL.canParse(site) && /^https?:$/u.test(new URL(site).protocol);
}
