import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { JWK } from "jose";
import type { ClientAuthMethod, ClientMetadata, Configuration, Provider, ResourceServer } from "oidc-provider";
import { ID_JAG } from "./id-jag.ts";
import { consentForm, loginForm, show, signedIn } from "./login-pages.ts";
import { hostProvider } from "./provider-host.ts";
import { redeemIdJags, type TrustedProvider } from "./redeem-id-jags.ts";

export type AuthorizationServerOptions = {
  /** The protected resources it issues tokens for: the URLs of MCP servers. */
  resources: readonly string[];
  /** Seconds. */
  accessTokenTtl?: number;
  /** `click` shows a page with Allow and Deny; `auto` allows at once. */
  consent?: "click" | "auto";
  registration?: boolean;
  /** Known without registering: `applicationClient` or `organisationClient`. */
  clients?: readonly ClientMetadata[];
  /** How clients may say who they are; without private_key_jwt unless said. */
  authMethods?: readonly ClientAuthMethod[];
  /** Issues no codes and says so: it names no authorization endpoint and no response types. */
  machinesOnly?: boolean;
  /** Whose ID-JAGs it takes. */
  trusts?: TrustedProvider;
};

export type AuthorizationServer = {
  issuer: string;
  jwks: { keys: JWK[] };
  /** Open it in a browser to get the session that Connect then uses. */
  loginUrl: (account: string) => string;
  counters: {
    registrations: number;
    codes: number;
    refreshes: number;
    refusedRefreshes: number;
    revocations: number;
    /** Tokens given to clients themselves, and for ID-JAGs. */
    clientTokens: number;
    redemptions: number;
    /** Token requests that were answered with an error, refreshes too. */
    refused: number;
  };
  /** How token requests said which client they are of. */
  seenAuthentication: Set<"basic" | "post" | "assertion" | "none">;
  /** Ids of clients that registered themselves. */
  registered: string[];
  /** Every token it gave out, to be searched for where none may be. */
  issued: { accessTokens: string[]; refreshTokens: string[] };
  /** Ends all grants: no token given out so far works any more. */
  revokeAll: () => Promise<void>;
  isRevoked: (accessToken: string) => boolean;
} & AsyncDisposable;

const SESSION_COOKIE = "test_session";

/** What has tokens of its own, with a secret or, with `jwks`, a private key. */
export const applicationClient = (clientId: string, credential: ClientCredential): ClientMetadata => ({
  ...credentialOf(credential),
  client_id: clientId,
  redirect_uris: [],
  response_types: [],
  grant_types: ["client_credentials"],
});

/** What has tokens for people whom an identity provider vouches for. */
export const organisationClient = (clientId: string, credential: ClientCredential): ClientMetadata => ({
  ...applicationClient(clientId, credential),
  grant_types: [ID_JAG.jwtBearer],
});

export type ClientCredential =
  | { secret: string; method: "client_secret_basic" | "client_secret_post" }
  | { publicKey: JWK; alg: "ES256" | "RS256" };

const credentialOf = (credential: ClientCredential): Partial<ClientMetadata> =>
  "secret" in credential
    ? { client_secret: credential.secret, token_endpoint_auth_method: credential.method }
    : {
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: credential.alg,
        jwks: { keys: [{ ...credential.publicKey, alg: credential.alg, use: "sig" }] },
      };

/** A real authorization server: oidc-provider with a login page, a consent page and registration for everybody. */
export async function startAuthorizationServer(options: AuthorizationServerOptions): Promise<AuthorizationServer> {
  const seenAuthentication: AuthorizationServer["seenAuthentication"] = new Set();
  const registered: string[] = [];
  const issued = { accessTokens: [] as string[], refreshTokens: [] as string[] };
  const revoked = new Set<string>();
  const grants = new Set<string>();
  const hosted = await hostProvider(
    (signing) => configuration(options, signing),
    async (provider, request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://as");
      if (pathname === "/login") signIn(response, searchParams.get("account") ?? "ada");
      else if (pathname.startsWith("/interaction/")) await interact(provider, options, grants, request, response);
      else return false;
      return true;
    },
  );
  const { provider, issuer, jwks } = hosted;
  if (options.machinesOnly === true) issueNoCodes(provider);
  if (options.trusts !== undefined) {
    redeemIdJags(provider, { trusts: options.trusts, resourceServer: (url) => resourceServer(options, url) });
  }
  provider.on("registration_create.success", (_ctx, client) => void registered.push(client.clientId));
  provider.on("grant.success", (ctx) => collect(ctx.body, issued));
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path !== "/token") return;
    seenAuthentication.add(authenticationOf(ctx.headers.authorization, ctx["oidc"]?.params));
  });
  return {
    issuer,
    jwks,
    loginUrl: (account) => `${issuer}/login?account=${encodeURIComponent(account)}`,
    counters: countEvents(provider),
    seenAuthentication,
    registered,
    issued,
    isRevoked: (accessToken) => revoked.has(accessToken),
    async revokeAll() {
      for (const token of issued.accessTokens) revoked.add(token);
      for (const id of grants) await (await provider.Grant.find(id))?.destroy();
      grants.clear();
    },
    [Symbol.asyncDispose]: () => hosted[Symbol.asyncDispose](),
  };
}

function countEvents(provider: Provider): AuthorizationServer["counters"] {
  const counters = {
    registrations: 0,
    codes: 0,
    refreshes: 0,
    refusedRefreshes: 0,
    revocations: 0,
    clientTokens: 0,
    redemptions: 0,
    refused: 0,
  };
  const byGrant = new Map<unknown, keyof typeof counters>([
    ["authorization_code", "codes"],
    ["refresh_token", "refreshes"],
    ["client_credentials", "clientTokens"],
    [ID_JAG.jwtBearer, "redemptions"],
  ]);
  provider.on("registration_create.success", () => void (counters.registrations += 1));
  provider.on("grant.success", (ctx) => {
    const counter = byGrant.get(ctx.oidc.params?.["grant_type"]);
    if (counter !== undefined) counters[counter] += 1;
  });
  provider.on("grant.error", (ctx) => {
    counters.refused += 1;
    if (ctx.oidc.params?.["grant_type"] === "refresh_token") counters.refusedRefreshes += 1;
  });
  provider.on("grant.revoked", () => void (counters.revocations += 1));
  return counters;
}

function authenticationOf(
  header: string | undefined,
  params: Record<string, unknown> | undefined,
): "basic" | "post" | "assertion" | "none" {
  if (header !== undefined) return "basic";
  if (params?.["client_assertion"] !== undefined) return "assertion";
  return params?.["client_secret"] === undefined ? "none" : "post";
}

function configuration(options: AuthorizationServerOptions, signing: JWK): Configuration {
  const { resources, accessTokenTtl = 3_600, registration = true, clients = [] } = options;
  return {
    jwks: { keys: [signing] },
    cookies: { keys: [randomBytes(32).toString("hex")] },
    clients: [...clients],
    clientDefaults: {
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
    },
    clientAuthMethods: [...(options.authMethods ?? (["none", "client_secret_basic", "client_secret_post"] as const))],
    responseTypes: ["code"],
    scopes: ["offline_access", "tools"],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed("refresh_token"),
    expiresWithSession: () => false,
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    routes: { authorization: "/authorize", token: "/token", registration: "/register", revocation: "/revoke" },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: {
      AccessToken: accessTokenTtl,
      ClientCredentials: accessTokenTtl,
      Grant: 86_400,
      RefreshToken: 86_400,
      Interaction: 600,
      Session: 3_600,
    },
    ...(options.trusts !== undefined && { discovery: { authorization_grant_profiles_supported: [ID_JAG.profile] } }),
    // Only the grant of this very interaction: every authorisation asks.
    loadExistingGrant: (ctx) => {
      const id = ctx.oidc.result?.consent?.grantId;
      return id === undefined ? undefined : ctx.oidc.provider.Grant.find(id);
    },
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: registration },
      revocation: { enabled: true },
      userinfo: { enabled: false },
      clientCredentials: { enabled: clients.some((client) => client.grant_types?.includes("client_credentials")) },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resources[0] ?? "",
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          const found = resourceServer(options, resource);
          if (found === null) throw new Error(`unknown resource ${resource}`);
          return found;
        },
      },
    },
  };
}

function resourceServer(
  { resources, accessTokenTtl = 3_600 }: AuthorizationServerOptions,
  resource: string,
): ResourceServer | null {
  if (!resources.includes(resource)) return null;
  return {
    scope: "tools",
    audience: resource,
    accessTokenTTL: accessTokenTtl,
    accessTokenFormat: "jwt",
    jwt: { sign: { alg: "RS256" } },
  };
}

function issueNoCodes(provider: Provider): void {
  provider.use(async (ctx, next) => {
    if (ctx.path === "/authorize") return ctx.throw(404);
    await next();
    if (!ctx.path.startsWith("/.well-known/") || typeof ctx.body !== "object" || ctx.body === null) return;
    const left = ["authorization_endpoint", "response_types_supported", "response_modes_supported"];
    ctx.body = Object.fromEntries(Object.entries(ctx.body).filter(([name]) => !left.includes(name)));
  });
}

function collect(body: unknown, issued: AuthorizationServer["issued"]): void {
  if (typeof body !== "object" || body === null) return;
  if ("access_token" in body && typeof body.access_token === "string") issued.accessTokens.push(body.access_token);
  if ("refresh_token" in body && typeof body.refresh_token === "string") issued.refreshTokens.push(body.refresh_token);
}

function signIn(response: ServerResponse, account: string): void {
  response.setHeader("set-cookie", `${SESSION_COOKIE}=${encodeURIComponent(account)}; Path=/; HttpOnly; SameSite=Lax`);
  show(response, signedIn);
}

/** Login is silent with a session and a form without one; consent is a click or silent, as the options say. */
async function interact(
  provider: Provider,
  options: AuthorizationServerOptions,
  grants: Set<string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session, uid } = await provider.interactionDetails(request, response);
  const answer = new URL(request.url ?? "/", "http://as").searchParams;
  const account = answer.get("account") ?? sessionOf(request);
  if (prompt.name === "login") {
    if (account === null) show(response, loginForm(uid));
    else await provider.interactionFinished(request, response, { login: { accountId: account, remember: false } });
    return;
  }
  if (answer.get("decision") === "deny") {
    await provider.interactionFinished(request, response, { error: "access_denied" });
  } else if (options.consent === "click" && answer.get("decision") !== "allow") {
    show(response, consentForm(uid, String(params["client_id"])));
  } else {
    const grant = new provider.Grant({ accountId: session?.accountId ?? "", clientId: String(params["client_id"]) });
    grant.addOIDCScope("openid offline_access tools");
    for (const resource of options.resources) grant.addResourceScope(resource, "tools");
    const grantId = await grant.save();
    grants.add(grantId);
    await provider.interactionFinished(request, response, { consent: { grantId } });
  }
}

function sessionOf(request: IncomingMessage): string | null {
  const cookie = new RegExp(`(?:^|; )${SESSION_COOKIE}=([^;]+)`, "u").exec(request.headers.cookie ?? "");
  return cookie?.[1] === undefined ? null : decodeURIComponent(cookie[1]);
}
