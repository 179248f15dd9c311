import { createHash, randomUUID } from "node:crypto";
import { serve } from "./serve.ts";

export type StrictServer = AsyncDisposable & {
  issuer: string;
  /** What the person at the browser would see: true answers at once, false shows a page. */
  webSession: boolean;
  /** Seconds. */
  lifetime: number;
  /** Answers a grant in which no code is redeemed; null for those it has of its own. */
  otherGrant: (body: URLSearchParams, headers: Headers) => Response | null | Promise<Response | null>;
  /** An answer with a token, and with a refresh token that is good for nothing. */
  issueToken: () => Response;
  /** Answers the next token requests with these instead. */
  outages: (() => Response)[];
  /** Overrides of the metadata document. */
  metadata: Record<string, unknown>;
  counts: { registrations: number; authorizations: number; codes: number; refreshes: number; reuses: number };
  revoked: string[];
  registered: Record<string, unknown>[];
  /** Clients that need no registration. */
  documents: Map<string, { redirectUris: string[] }>;
  /** Answers every registration with this client. */
  registerAs: string | null;
  acceptRegistration: (body: Record<string, unknown>) => string | null;
  /** Changes the answer of the authorization endpoint. */
  answer: (parameters: URLSearchParams) => void;
  tokenRequests: { headers: Headers; body: URLSearchParams }[];
  isValid(token: string | undefined): boolean;
  expire(): void;
  /** Ends every grant. */
  forgetGrants(): void;
};

type Code = { clientId: string; redirectUri: string; challenge: string; resource: string };

/** An authorization server that refuses whatever OAuth 2.1 does not require it to accept; refresh tokens work once. */
export async function startStrictServer(): Promise<StrictServer> {
  const clients = new Map<string, { redirectUris: string[] }>();
  const codes = new Map<string, Code>();
  const refreshTokens = new Map<string, { clientId: string; resource: string; used: boolean }>();
  const accessTokens = new Map<string, number>();

  const issue = (clientId: string, resource: string): Response => {
    const [access, refresh] = [`at-${randomUUID()}`, `rt-${randomUUID()}`];
    accessTokens.set(access, Date.now() + server.lifetime * 1_000);
    refreshTokens.set(refresh, { clientId, resource, used: false });
    const body = { access_token: access, token_type: "Bearer", expires_in: server.lifetime, refresh_token: refresh };
    return Response.json({ ...body, scope: "tools" });
  };

  const token = async (request: Request): Promise<Response> => {
    const body = new URLSearchParams(await request.text());
    server.tokenRequests.push({ headers: request.headers, body });
    const outage = server.outages.shift();
    if (outage !== undefined) return outage();
    const other = await server.otherGrant(body, request.headers);
    if (other !== null) return other;
    const clientId = body.get("client_id") ?? "";
    if (!clients.has(clientId)) return fault("invalid_client", 401);
    if (body.get("grant_type") === "refresh_token") {
      const stored = refreshTokens.get(body.get("refresh_token") ?? "");
      if (stored === undefined || stored.clientId !== clientId) return fault("invalid_grant");
      if (stored.used) {
        server.counts.reuses += 1;
        refreshTokens.clear();
        return fault("invalid_grant");
      }
      stored.used = true;
      server.counts.refreshes += 1;
      return issue(clientId, stored.resource);
    }
    const code = codes.get(body.get("code") ?? "");
    codes.delete(body.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(body.get("code_verifier") ?? "")
      .digest("base64url");
    if (
      code === undefined ||
      code.clientId !== clientId ||
      code.redirectUri !== body.get("redirect_uri") ||
      code.resource !== body.get("resource") ||
      code.challenge !== challenge
    ) {
      return fault("invalid_grant");
    }
    server.counts.codes += 1;
    return issue(clientId, code.resource);
  };

  const authorize = (url: URL): Response => {
    const query = url.searchParams;
    server.counts.authorizations += 1;
    const clientId = query.get("client_id") ?? "";
    const redirectUri = query.get("redirect_uri") ?? "";
    if (clients.get(clientId)?.redirectUris.includes(redirectUri) !== true) return new Response("unknown client");
    if (!server.webSession) return new Response("<form>sign in</form>");
    const back = new URL(redirectUri);
    const state = query.get("state");
    const ok =
      query.get("response_type") === "code" &&
      query.get("code_challenge_method") === "S256" &&
      (state ?? "").length >= 32;
    const code = randomUUID();
    const challenge = query.get("code_challenge") ?? "";
    codes.set(code, { clientId, redirectUri, challenge, resource: query.get("resource") ?? "" });
    back.searchParams.set(ok ? "code" : "error", ok ? code : "invalid_request");
    if (state !== null) back.searchParams.set("state", state);
    back.searchParams.set("iss", served.origin);
    server.answer(back.searchParams);
    return new Response(null, { status: 302, headers: { location: back.href } });
  };

  const register = async (request: Request): Promise<Response> => {
    const body = (await request.json()) as Record<string, unknown> & { redirect_uris: string[] };
    server.registered.push(body);
    const refusal = server.acceptRegistration(body);
    if (refusal !== null) return fault(refusal);
    const clientId = server.registerAs ?? `client-${randomUUID()}`;
    clients.set(clientId, { redirectUris: body.redirect_uris });
    server.counts.registrations += 1;
    return Response.json({ ...body, client_id: clientId }, { status: 201 });
  };

  const served = await serve(async (request) => {
    const url = new URL(request.url);
    if (url.pathname === "/.well-known/oauth-authorization-server") {
      return Response.json({ ...metadataOf(served.origin), ...server.metadata });
    }
    if (url.pathname === "/authorize") return authorize(url);
    if (url.pathname === "/token" && request.method === "POST") return token(request);
    if (url.pathname === "/register" && request.method === "POST") return register(request);
    if (url.pathname === "/revoke" && request.method === "POST") {
      server.revoked.push(new URLSearchParams(await request.text()).get("token") ?? "");
      return new Response(null, { status: 200 });
    }
    return new Response("not here", { status: 404 });
  });

  const server: StrictServer = {
    issuer: served.origin,
    webSession: true,
    lifetime: 3_600,
    otherGrant: () => null,
    issueToken() {
      const access = `at-${randomUUID()}`;
      accessTokens.set(access, Date.now() + server.lifetime * 1_000);
      const body = { access_token: access, token_type: "Bearer", expires_in: server.lifetime };
      return Response.json({ ...body, refresh_token: "unwanted" });
    },
    outages: [],
    metadata: {},
    counts: { registrations: 0, authorizations: 0, codes: 0, refreshes: 0, reuses: 0 },
    revoked: [],
    registered: [],
    documents: clients,
    registerAs: null,
    acceptRegistration: () => null,
    answer: () => undefined,
    tokenRequests: [],
    isValid: (candidate) => (accessTokens.get(candidate ?? "") ?? 0) > Date.now(),
    expire: () => accessTokens.clear(),
    forgetGrants: () => refreshTokens.clear(),
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
  return server;
}

const metadataOf = (origin: string) => ({
  issuer: origin,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/token`,
  registration_endpoint: `${origin}/register`,
  revocation_endpoint: `${origin}/revoke`,
  response_types_supported: ["code"],
  code_challenge_methods_supported: ["S256"],
  token_endpoint_auth_methods_supported: ["none"],
  authorization_response_iss_parameter_supported: true,
});

const fault = (error: string, status = 400): Response => Response.json({ error }, { status });
