import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import { passthroughEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import { sha256Hex } from "@agent-personas/shared/primitives/sha256";
import type { ForeignTokens, Inbound, PublishedPersona, RelayDeps } from "../../deps.ts";
import { addressBlock } from "../../http/address-block.ts";
import { invalidToken } from "../invalid-token.ts";
import { EXTERNAL_ID, type Principal } from "../principal.ts";
import { readBearer } from "../read-bearer.ts";
import { checkOwnCredential } from "./check-own-credential.ts";
import { exposedTools } from "./exposed-tools.ts";
import { readForwarded } from "./read-forwarded.ts";

type Deps = Pick<RelayDeps, "config" | "personas" | "foreignTokens">;
type Request = Parameters<Inbound["authenticate"]>[0];

/**
 * The principal of a caller that manages its own authentication: who a foreign token names, or else its address. An
 * address without a persona and one whose persona does not take such callers answer the same.
 * @throws AppError `invalid_token`
 */
export async function authenticateExternal(deps: Deps, request: Request): Promise<Principal> {
  try {
    return await identify(deps, request);
  } catch (error) {
    if (!isAppError(error) || error.code !== "invalid_token") throw error;
    throw new AppError("invalid_token", { detail: { ...error.detail, remedy: REMEDY } });
  }
}

const REMEDY = "Send what the persona's owner asks of such calls: a valid token of the issuer, and the listed headers.";

async function identify(deps: Deps, request: Request): Promise<Principal> {
  const { slug } = request.endpoint;
  const persona = slug === null ? null : await deps.personas.bySlug(slug);
  const passthrough = persona?.version.inbound.passthrough;
  if (persona === null || passthrough === undefined) throw invalidToken("Nothing at this address takes such a call.");
  const { publicUrl } = deps.config;
  checkOwnCredential([request.authorization ?? ""], publicUrl);
  const caller =
    passthrough.jwt === null
      ? `address\n${addressBlock(request.address)}`
      : await verify(deps.foreignTokens, readBearer(request.authorization), {
          check: passthrough.jwt,
          audience: passthroughEndpointUrl(publicUrl, persona.slug),
        });
  const forwardedHeaders = readForwarded(passthrough, request.headers);
  checkOwnCredential(Object.values(forwardedHeaders), publicUrl);
  return {
    kind: "external",
    id: await principalId(persona, caller),
    personaId: persona.personaId,
    executingUserId: persona.ownerId,
    deviceId: null,
    scopes: passthrough.scopes,
    tools: exposedTools(persona.version, passthrough),
    keyId: null,
    forwardedHeaders,
  };
}

async function verify(
  tokens: ForeignTokens,
  token: string,
  by: Parameters<ForeignTokens["verify"]>[1],
): Promise<string> {
  const { checks, subject } = await tokens.verify(token, by);
  if (subject !== null) return `subject\n${JSON.stringify([subject.issuer, subject.sub])}`;
  throw invalidToken(checks.at(-1)?.detail ?? "The token is not valid.");
}

/** A digest: names of callers have no business in stored sessions. */
const principalId = async ({ personaId }: PublishedPersona, caller: string): Promise<string> =>
  `${EXTERNAL_ID}${await sha256Hex(`${personaId}\n${caller}`)}`;
