import { SCOPES, type Scope } from "@agent-personas/shared/persona/scope";
import { readResource } from "./resources.ts";

/** What clients ask for when they do not say. */
const DEFAULT_SCOPE = "read write";
const AUTHORIZE = new Set([
  "client_id",
  "redirect_uri",
  "response_type",
  "scope",
  "state",
  "resource",
  "code_challenge",
  "code_challenge_method",
  "prompt",
]);
const TOKEN = new Set([
  "grant_type",
  "client_id",
  "client_secret",
  "code",
  "code_verifier",
  "redirect_uri",
  "refresh_token",
  "device_code",
  "scope",
  "resource",
]);
const DEVICE = new Set(["client_id", "client_secret", "scope", "resource"]);
const REVOKE = new Set(["token", "token_type_hint", "client_id", "client_secret"]);

/**
 * Keeps the parameters that mean something here; repeats stay, for the engine to refuse. Scopes that nobody knows
 * are dropped, none at all becomes the default, and of `prompt` only `none` is left, since every sign-in asks.
 */
export function sanitiseAuthorize(given: URLSearchParams, publicUrl: string): URLSearchParams {
  const kept = keep(given, AUTHORIZE);
  const scopes = knownScopes(kept.getAll("scope").join(" "));
  kept.set("scope", scopes === "" ? DEFAULT_SCOPE : scopes);
  if (kept.get("prompt")?.split(" ").includes("none") === true) kept.set("prompt", "none");
  else kept.delete("prompt");
  return withCanonicalResources(kept, publicUrl);
}

export function sanitiseToken(given: URLSearchParams, publicUrl: string): URLSearchParams {
  const kept = keep(given, TOKEN);
  const scopes = knownScopes(kept.getAll("scope").join(" "));
  if (scopes === "") kept.delete("scope");
  else kept.set("scope", scopes);
  return withCanonicalResources(kept, publicUrl);
}

/** Whoever asks here has no browser to be led back to, so deleting is never among what it may ask for. */
export function sanitiseDevice(given: URLSearchParams, publicUrl: string): URLSearchParams {
  const kept = keep(given, DEVICE);
  const scopes = knownScopes(kept.getAll("scope").join(" "), ["read", "write"]);
  kept.set("scope", scopes === "" ? DEFAULT_SCOPE : scopes);
  return withCanonicalResources(kept, publicUrl);
}

export const sanitiseRevoke = (given: URLSearchParams): URLSearchParams => keep(given, REVOKE);

function keep(given: URLSearchParams, names: ReadonlySet<string>): URLSearchParams {
  return new URLSearchParams([...given].filter(([name]) => names.has(name)));
}

function knownScopes(text: string, known: readonly Scope[] = SCOPES): string {
  const asked = new Set(text.split(" "));
  return known.filter((scope) => asked.has(scope)).join(" ");
}

/** The spellings of one resource become one; what names no resource stays, for the engine to refuse. */
function withCanonicalResources(parameters: URLSearchParams, publicUrl: string): URLSearchParams {
  const given = parameters.getAll("resource").filter((address) => address !== "");
  parameters.delete("resource");
  for (const uri of new Set(given.map((address) => readResource(publicUrl, address)?.uri ?? address))) {
    parameters.append("resource", uri);
  }
  return parameters;
}
