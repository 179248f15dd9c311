import { AppError } from "@agent-personas/shared/errors/app-error";
import { SCOPES, type Scope } from "@agent-personas/shared/persona/scope";
import { createId } from "@agent-personas/shared/primitives/id";
import type { FastifyReply, FastifyRequest } from "fastify";
import { errors, type Provider } from "oidc-provider";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { toToolRefs } from "../inbound/tool-refs.ts";
import { findKey } from "../store/access-keys.ts";
import { insertAudit } from "../store/audit.ts";
import { insertGrant } from "../store/grants.ts";
import { plainText } from "./pages/plain-text.ts";
import { GRANT_MS, signInPath } from "./provider.ts";
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
    /** Host of the redirect address; the scheme, such as `cursor:`, when it is a private one. */
    redirectHost: string;
    kind: RedirectKind;
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

const NAME_LENGTH = 80;

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
      const expiresAt = await checkDecision(deps, pending, decision);
      const grantId = await makeGrant(deps, pending, decision, expiresAt);
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

/** Answers when the grant has to end at the latest. @throws AppError `invalid_request` */
async function checkDecision(deps: Deps, pending: PendingSignIn, decision: SignInDecision): Promise<number> {
  const persona = await deps.personas.byId(decision.personaId);
  const key = decision.keyId === null ? null : await findKey(deps.store.db, decision.keyId);
  const latest = deps.now() + GRANT_MS;
  const problem = ((): string | null => {
    if (decision.scopes.length === 0) return "at least one scope must be allowed";
    if (decision.scopes.some((scope) => !pending.scopes.includes(scope))) return "more scopes than were asked for";
    if (pending.personaId !== null && pending.personaId !== decision.personaId) return "another persona";
    if (persona === null || persona.ownerId !== decision.userId) return "this person has no such persona";
    if (!persona.version.inbound.interactive) return "the persona does not take sign-ins";
    if (decision.keyId === null) return null;
    if (key === null || key.personaId !== decision.personaId) return "the access key is for another persona";
    if (decision.scopes.some((scope) => !key.scopes.includes(scope))) return "more scopes than the access key has";
    return null;
  })();
  if (problem !== null) throw new AppError("invalid_request", { detail: { problem } });
  return Math.min(latest, key?.expiresAt ?? latest);
}

async function makeGrant(
  { store, now, personas }: Deps,
  { client, resource }: PendingSignIn,
  { userId, keyId, personaId, scopes, tools }: SignInDecision,
  expiresAt: number,
): Promise<string> {
  const at = now();
  const grantId = createId("grant", at);
  const persona = await personas.byId(personaId);
  await store.db.transaction().execute(async (db) => {
    await insertGrant(db, {
      grantId,
      personaId,
      userId,
      keyId,
      clientId: client.clientId,
      clientName: client.name,
      redirectHost: client.kind === "loopback" ? "this computer" : client.redirectHost,
      resource,
      scopes,
      tools: persona === null ? [] : toToolRefs(tools, persona.version),
      createdAt: at,
      expiresAt,
    });
    await insertAudit(db, {
      at,
      userId,
      deviceId: null,
      event: "grant_created",
      subject: grantId,
      detail: {
        personaId,
        client: client.name,
        redirectHost: client.redirectHost,
        scopes,
        frozen: tools !== null,
        keyId,
      },
    });
  });
  return grantId;
}
