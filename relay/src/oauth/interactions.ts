import { AppError } from "@agent-personas/shared/errors/app-error";
import { SCOPES, type Scope } from "@agent-personas/shared/persona/scope";
import type { FastifyReply, FastifyRequest } from "fastify";
import { errors, type Provider } from "oidc-provider";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { allowClient } from "./allow-client.ts";
import { plainText } from "./pages/plain-text.ts";
import { signInPath } from "./provider.ts";
import { readRedirectUri, type RedirectKind } from "./redirect-uri.ts";
import { readResource } from "./resources.ts";

/** An authorization request that waits for its person. Everything about the client is its own claim. */
export type PendingSignIn = {
  uid: string;
  /** Made for this sign-in; the extension's sign-in token must carry it. */
  nonce: string;
  client: {
    clientId: string;
    /** Plain text, normalised: one line, no control or direction characters, at most 80 characters. */
    name: string;
    redirectUri: string;
    /** Host of the redirect address; the scheme, such as `cursor:`, when it is a private one; what `device` shows. */
    redirectHost: string;
    /** `device`: it is not led back to, but asked for a code elsewhere that the person typed here. */
    kind: RedirectKind | "device";
  };
  resource: string;
  /** null at the bare relay, where the person chooses. */
  personaId: string | null;
  /** What the client asks for; the person may narrow it. */
  scopes: readonly Scope[];
};

/** What the person allowed. */
export type SignInDecision = {
  userId: string;
  /** The access key that was pasted instead of a sign-in, else null. */
  keyId: string | null;
  personaId: string;
  /** A part of what was asked, not empty. */
  scopes: readonly Scope[];
  /** Exposed names when frozen; null when live. */
  tools: readonly string[] | null;
};

/**
 * The way between the pages and the protocol. The provider's cookie ties a sign-in to one browser and has the path
 * `/sign-in/<uid>`, so every page and form of a sign-in lies at or below it. All throw AppError `sign_in_expired`
 * when it is over, unknown, or another browser's.
 */
export type Interactions = {
  load: (request: FastifyRequest, reply: FastifyReply) => Promise<PendingSignIn>;
  /**
   * Makes one new grant and answers where to send the browser (303). Twice for one sign-in makes one grant.
   * @throws AppError `invalid_request` when the decision exceeds what was asked or what this person or key may give
   */
  finish: (request: FastifyRequest, reply: FastifyReply, decision: SignInDecision) => Promise<string>;
  /** Answers where to send the browser (303) to tell the client `access_denied`. */
  deny: (request: FastifyRequest, reply: FastifyReply) => Promise<string>;
};

export const NAME_LENGTH = 80;

const openSchema = z.object({
  client_id: z.string(),
  redirect_uri: z.string(),
  resource: z.string(),
  scope: z.string(),
});
const detailsSchema = z.object({ clientName: z.string() });

type OpenSignIn = Awaited<ReturnType<Provider["interactionDetails"]>>;
type Deps = Pick<RelayDeps, "config" | "store" | "now" | "personas"> & { provider: () => Promise<Provider> };

export function createInteractions(deps: Deps): Interactions {
  return {
    load: async (request, reply) => describe(deps, await open(deps, request, reply)),
    finish: async (request, reply, decision) => {
      const opened = await open(deps, request, reply);
      if (opened.result?.consent !== undefined) return opened.returnTo;
      const pending = await describe(deps, opened);
      const grantId = await allowClient(deps, pending, decision);
      const result = {
        login: { accountId: decision.keyId ?? decision.userId, remember: false },
        consent: { grantId },
      };
      return (await deps.provider()).interactionResult(request.raw, reply.raw, result);
    },
    deny: async (request, reply) => {
      await open(deps, request, reply);
      const result = { error: "access_denied", error_description: "the person said no" };
      return (await deps.provider()).interactionResult(request.raw, reply.raw, result);
    },
  };
}

/** Reads the cookie's sign-in, which has to be the one that the address names. */
async function open(deps: Deps, request: FastifyRequest, reply: FastifyReply): Promise<OpenSignIn> {
  try {
    const details = await (await deps.provider()).interactionDetails(request.raw, reply.raw);
    const path = new URL(request.raw.url ?? "", deps.config.publicUrl).pathname;
    if (`${path}/`.startsWith(`${signInPath(details.uid)}/`)) return details;
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
  }
  throw new AppError("sign_in_expired");
}

async function describe({ config, personas }: Deps, details: OpenSignIn): Promise<PendingSignIn> {
  const params = openSchema.parse(details.params);
  const redirect = readRedirectUri(params.redirect_uri);
  const resource = readResource(config.publicUrl, params.resource);
  const persona = resource === null || resource.slug === null ? null : await personas.bySlug(resource.slug);
  // The persona may have been deleted since.
  if (redirect === null || resource === null || (resource.slug !== null && persona === null)) {
    throw new AppError("sign_in_expired");
  }
  const asked = new Set(params.scope.split(" "));
  const { clientName } = detailsSchema.parse(details.prompt.details);
  return {
    uid: details.uid,
    nonce: details.cid,
    client: {
      clientId: params.client_id,
      name: plainText(clientName, NAME_LENGTH) || plainText(redirect.host, NAME_LENGTH),
      redirectUri: params.redirect_uri,
      redirectHost: redirect.host,
      kind: redirect.kind,
    },
    resource: resource.uri,
    personaId: persona?.personaId ?? null,
    scopes: SCOPES.filter((scope) => asked.has(scope)),
  };
}
