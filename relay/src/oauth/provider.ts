import { timingSafeEqual } from "node:crypto";
import { SCOPES } from "@agent-personas/shared/persona/scope";
import {
  Provider,
  errors,
  interactionPolicy,
  type Adapter,
  type Configuration,
  type KoaContextWithOIDC,
  type ResourceServer,
} from "oidc-provider";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { addressBlock } from "../http/address-block.ts";
import { siteOf } from "../http/page.ts";
import { findGrant } from "../store/grants.ts";
import { grantTypes } from "./grant-types.ts";
import { clientIdFor, hashSecret } from "./client-adapter.ts";
import type { DocumentFetcher } from "./client-documents/fetch-document.ts";
import { renderProblem } from "./problem-page.ts";
import { bareResource, readResource } from "./resources.ts";
import type { KeySet } from "./signing-keys.ts";

const ACCESS_TOKEN_SECONDS = 60 * 60;
const CODE_SECONDS = 60;
const DEVICE_CODE_SECONDS = 5 * 60;
const POLL_SECONDS = 5;
const REFRESH_TOKEN_SECONDS = 30 * 24 * 60 * 60;
const SIGN_IN_SECONDS = 30 * 60;
export const GRANT_MS = 365 * 24 * 60 * 60_000;
/** 256 random bits in every code and token. */
const TOKEN_BITS = 256;

export const ROUTES = {
  authorization: "/authorize",
  token: "/token",
  registration: "/register",
  revocation: "/revoke",
  jwks: "/jwks",
  device_authorization: "/device_authorization",
  /** The person's page, which is ours; the engine only names it to clients. */
  code_verification: "/device",
} as const;

export const signInPath = (uid: string): string => `/sign-in/${uid}`;

type Deps = Pick<RelayDeps, "config" | "store" | "log" | "now" | "personas"> & {
  adapter: (name: string) => Adapter;
  documents: DocumentFetcher;
};

/** The protocol engine for one set of keys. It holds no state of its own, so a new set means a new engine. */
export function createProvider(deps: Deps, keys: KeySet): Provider {
  const provider = new Provider(deps.config.publicUrl, configure(deps, keys));
  provider.proxy = true;
  // Its failures are logged by the listener below; by itself it would write them to the console.
  provider.silent = true;
  provider.use(async (ctx, next) => {
    await next();
    keepOwnCookies(ctx.response);
  });
  // A code that arrives in a link is the one of whoever sent the link; people type their own.
  provider.on("device_authorization.success", (_ctx, answer) => {
    delete answer["verification_uri_complete"];
    Object.assign(answer, { interval: POLL_SECONDS });
  });
  provider.Client.prototype.compareClientSecret = compareSecret;
  provider.on("server_error", (_ctx, error) => deps.log.error({ err: error }, "authorization server failed"));
  return provider;
}

/** What is kept as the secret of a client is its hash. */
function compareSecret(this: { readonly clientSecret?: string | undefined }, actual: string): boolean {
  const expected = Buffer.from(this.clientSecret ?? "");
  const given = Buffer.from(hashSecret(actual));
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function configure(deps: Deps, keys: KeySet): Configuration {
  const { config } = deps;
  const prefix = config.publicUrl.startsWith("https:") ? "__Secure-ap-" : "ap-";
  return {
    adapter: deps.adapter,
    jwks: { keys: keys.privateJwks.map((jwk) => ({ ...jwk })) as NonNullable<Configuration["jwks"]>["keys"] },
    clients: config.oauthClients.map((client) => ({
      ...client,
      grant_types: grantTypes(config),
      ...("client_secret" in client ? { client_secret: hashSecret(client.client_secret) } : {}),
    })),
    scopes: ["offline_access"],
    claims: {},
    responseTypes: ["code"],
    clientAuthMethods: ["none", "client_secret_basic", "client_secret_post"],
    clientDefaults: {
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
    },
    pkce: { required: () => true },
    routes: { ...ROUTES },
    cookies: {
      names: { session: SESSION_COOKIE, interaction: `${prefix}sign-in`, resume: `${prefix}resume` },
      short: { httpOnly: true, sameSite: "lax", overwrite: true },
      long: { httpOnly: true, sameSite: "lax", overwrite: true },
    },
    interactions: { url: (_ctx, interaction) => signInPath(interaction.uid), policy: alwaysAsk() },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    loadExistingGrant: (ctx) => {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId);
    },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    expiresWithSession: () => false,
    revokeGrantPolicy: () => true,
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: CODE_SECONDS,
      DeviceCode: DEVICE_CODE_SECONDS,
      RefreshToken: REFRESH_TOKEN_SECONDS,
      Interaction: SIGN_IN_SECONDS,
      Session: SIGN_IN_SECONDS,
      Grant: GRANT_MS / 1_000,
    },
    formats: {
      bitsOfOpaqueRandomness: TOKEN_BITS,
      customizers: {
        // The relay's clock, by which it also verifies.
        jwt: (_ctx, _token, { payload }) => {
          const now = Math.floor(deps.now() / 1_000);
          Object.assign(payload, { iat: now, exp: now + ACCESS_TOKEN_SECONDS });
        },
      },
    },
    extraTokenClaims: async (_ctx, token) => {
      const grant =
        "grantId" in token && token.grantId !== undefined ? await findGrant(deps.store.db, token.grantId) : null;
      return grant === null ? undefined : { grant: grant.grantId, persona: grant.personaId };
    },
    renderError: (ctx, out) => {
      ctx.type = "html";
      ctx.set("cache-control", "no-store");
      ctx.body = renderProblem(siteOf(config), out.error, out.error_description);
    },
    fetch: deps.documents.fetch,
    fetchResponseBodyLimits: { "client_id metadata document": deps.documents.maxBytes },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: {
        enabled: config.deviceFlow,
        charset: "base-20",
        mask: "****-****",
        // What the person is shown later, when this request is long over.
        deviceInfo: (ctx) => ({ clientName: ctx.oidc.client?.clientName ?? "", ip: ctx.ip }),
      },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      claimsParameter: { enabled: false },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      registration: {
        enabled: true,
        idFactory: (ctx) => clientIdFor(z.record(z.string(), z.unknown()).parse(ctx.oidc.body)),
        issueRegistrationAccessToken: false,
      },
      clientIdMetadataDocument: {
        enabled: true,
        ack: "draft-02",
        allowFetch: (ctx, clientId) => deps.documents.mayFetch(clientId, addressBlock(ctx.ip)),
        cacheDuration: { min: 30, max: 24 * 60 * 60 },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => bareResource(config.publicUrl).uri,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, uri) => describeResource(deps, keys, ctx, uri),
      },
    },
  };
}

async function describeResource(
  { config, personas }: Deps,
  keys: KeySet,
  ctx: KoaContextWithOIDC,
  uri: string,
): Promise<ResourceServer> {
  const { resource: asked } = ctx.oidc.params ?? {};
  if (Array.isArray(asked) && asked.length > 1) throw new errors.InvalidTarget("only one resource may be asked for");
  const resource = readResource(config.publicUrl, uri);
  const persona = resource === null || resource.slug === null ? null : await personas.bySlug(resource.slug);
  if (resource === null || (resource.slug !== null && persona?.version.inbound.interactive !== true)) {
    throw new errors.InvalidTarget("this relay has no such resource");
  }
  return {
    scope: SCOPES.join(" "),
    audience: resource.uri,
    accessTokenFormat: "jwt",
    accessTokenTTL: ACCESS_TOKEN_SECONDS,
    jwt: { sign: { alg: "RS256", kid: keys.signingKid } },
  };
}

/** Every authorization request asks its person: who they are, and what the client may do. Nothing is remembered. */
function alwaysAsk(): interactionPolicy.Prompt[] {
  const { Prompt, Check } = interactionPolicy;
  const login = new Check("login_required", "sign in", "login_required", (ctx) => ctx.oidc.result?.login === undefined);
  const consent = new Check(
    "consent_required",
    "allow the client",
    "consent_required",
    (ctx) => ctx.oidc.result?.consent?.grantId === undefined,
  );
  return [
    new Prompt({ name: "login", requestable: true }, describeClient, login),
    new Prompt({ name: "consent", requestable: true }, describeClient, consent),
  ];
}

/** Kept with the sign-in, so that showing it asks nobody again. */
const describeClient = (ctx: KoaContextWithOIDC): { clientName: string } => ({
  clientName: ctx.oidc.client?.clientName ?? "",
});

/** The engine's session, which nothing here reads, does not reach the browser. */
const SESSION_COOKIE = "ap-unused";

function keepOwnCookies(response: {
  get: (name: string) => string;
  set: (name: string, value: string[]) => void;
  remove: (name: string) => void;
}): void {
  const given: unknown = response.get("set-cookie");
  const cookies = Array.isArray(given) ? given.map(String) : [];
  const kept = cookies.filter((cookie) => !cookie.startsWith(SESSION_COOKIE));
  if (kept.length === cookies.length) return;
  if (kept.length === 0) response.remove("set-cookie");
  else response.set("set-cookie", kept);
}
