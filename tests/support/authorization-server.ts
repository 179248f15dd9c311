import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Provider, type Configuration } from "oidc-provider";
import { listen } from "./listen.ts";

export type AuthorizationServerOptions = {
  /** The protected resources it issues tokens for: the URLs of MCP servers. */
  resources: readonly string[];
  /** Seconds. */
  accessTokenTtl?: number;
  /** `click` shows a page with Allow and Deny; `auto` allows at once. */
  consent?: "click" | "auto";
  registration?: boolean;
};

export type AuthorizationServer = {
  issuer: string;
  jwks: { keys: JWK[] };
  /** Open it in a browser to get the session that Connect then uses. */
  loginUrl: (account: string) => string;
  counters: { registrations: number; codes: number; refreshes: number; refusedRefreshes: number; revocations: number };
  /** Every token it gave out, to be searched for where none may be. */
  issued: { accessTokens: string[]; refreshTokens: string[] };
  /** Ends all grants: no token given out so far works any more. */
  revokeAll: () => Promise<void>;
  isRevoked: (accessToken: string) => boolean;
} & AsyncDisposable;

const SESSION_COOKIE = "test_session";

/** A real authorization server: oidc-provider with a login page, a consent page and registration for everybody. */
export async function startAuthorizationServer(options: AuthorizationServerOptions): Promise<AuthorizationServer> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const signing = { ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: "test" };
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), alg: "RS256", use: "sig", kid: "test" }] };
  const counters = { registrations: 0, codes: 0, refreshes: 0, refusedRefreshes: 0, revocations: 0 };
  const issued = { accessTokens: [] as string[], refreshTokens: [] as string[] };
  const revoked = new Set<string>();
  const grants = new Set<string>();

  const handlers: { handle?: (request: IncomingMessage, response: ServerResponse) => void } = {};
  const listening = await listen((request, response) => handlers.handle?.(request, response));
  const provider = new Provider(listening.origin, configuration(options, signing));
  provider.on("registration_create.success", () => void (counters.registrations += 1));
  provider.on("grant.success", (ctx) => {
    const refresh = ctx.oidc.params?.["grant_type"] === "refresh_token";
    counters[refresh ? "refreshes" : "codes"] += 1;
    collect(ctx.body, issued);
  });
  provider.on("grant.error", (ctx) => {
    if (ctx.oidc.params?.["grant_type"] === "refresh_token") counters.refusedRefreshes += 1;
  });
  provider.on("grant.revoked", () => void (counters.revocations += 1));
  const callback = provider.callback();
  handlers.handle = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", listening.origin);
    if (pathname === "/login") signIn(response, searchParams.get("account") ?? "ada");
    else if (pathname.startsWith("/interaction/")) {
      interact(provider, options, grants, request, response).catch((error: unknown) => {
        response.writeHead(400, { "content-type": "text/plain" }).end(String(error));
      });
    } else void callback(request, response);
  };
  return {
    issuer: listening.origin,
    jwks,
    loginUrl: (account) => `${listening.origin}/login?account=${encodeURIComponent(account)}`,
    counters,
    issued,
    isRevoked: (accessToken) => revoked.has(accessToken),
    async revokeAll() {
      for (const token of issued.accessTokens) revoked.add(token);
      for (const id of grants) await (await provider.Grant.find(id))?.destroy();
      grants.clear();
    },
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

function configuration(
  { resources, accessTokenTtl = 3_600, registration = true }: AuthorizationServerOptions,
  signing: JWK,
): Configuration {
  return {
    jwks: { keys: [signing] },
    cookies: { keys: [randomBytes(32).toString("hex")] },
    clientDefaults: {
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
    },
    clientAuthMethods: ["none", "client_secret_basic", "client_secret_post"],
    responseTypes: ["code"],
    scopes: ["offline_access", "tools"],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed("refresh_token"),
    expiresWithSession: () => false,
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    routes: { authorization: "/authorize", token: "/token", registration: "/register", revocation: "/revoke" },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: { AccessToken: accessTokenTtl, Grant: 86_400, RefreshToken: 86_400, Interaction: 600, Session: 3_600 },
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
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resources[0] ?? "",
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (!resources.includes(resource)) throw new Error(`unknown resource ${resource}`);
          return {
            scope: "tools",
            audience: resource,
            accessTokenTTL: accessTokenTtl,
            accessTokenFormat: "jwt",
            jwt: { sign: { alg: "RS256" } },
          };
        },
      },
    },
  };
}

function collect(body: unknown, issued: AuthorizationServer["issued"]): void {
  if (typeof body !== "object" || body === null) return;
  if ("access_token" in body && typeof body.access_token === "string") issued.accessTokens.push(body.access_token);
  if ("refresh_token" in body && typeof body.refresh_token === "string") issued.refreshTokens.push(body.refresh_token);
}

function signIn(response: ServerResponse, account: string): void {
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "set-cookie": `${SESSION_COOKIE}=${encodeURIComponent(account)}; Path=/; HttpOnly; SameSite=Lax`,
  });
  response.end(page(`<p>Signed in.</p>`));
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

function show(response: ServerResponse, html: string): void {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
}

const page = (body: string): string =>
  `<!doctype html><html lang="en"><title>Test sign-in</title><body>${body}</body></html>`;

const loginForm = (uid: string): string =>
  page(
    `<form action="/interaction/${uid}"><label>Account <input name="account"></label><button>Sign in</button></form>`,
  );

const consentForm = (uid: string, clientId: string): string =>
  page(`<h1>Allow access?</h1><p id="client">${clientId.replaceAll(/[^\w.:/-]/gu, "")}</p><form action="/interaction/${uid}">
    <button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`);
