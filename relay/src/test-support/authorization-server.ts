import { createHash, randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify, { type FastifyBaseLogger } from "fastify";
import pino from "pino";
import { limitRoutes } from "../api/limits.ts";
import { readConfig, withPort, type Config } from "../config.ts";
import { securityHeaders } from "../http/security-headers.ts";
import { createAuthorization, type AuthorizationServer } from "../oauth/authorization.ts";
import type { Network } from "../http/outbound/pinned-request.ts";
import type { EndedGrant } from "../oauth/end-grant.ts";
import type { SignInDecision } from "../oauth/interactions.ts";
import { createPublishedPersonas } from "../personas/published-personas.ts";
import { createOwner, type Owner } from "./owner.ts";

export type TestAuthorization = AsyncDisposable & {
  url: string;
  /** Where it listens, whatever its public address. */
  port: number;
  config: Config;
  owner: Owner;
  clock: { now: number };
  server: AuthorizationServer;
  ended: EndedGrant[];
  /** What the person at the sign-in page allows; the test's own. */
  decide: (change: Partial<SignInDecision> | "deny") => void;
  register: (body: unknown) => Promise<Response>;
  /** Registers a public client; answers its id. */
  client: (name?: string) => Promise<string>;
  authorize: (parameters: Record<string, string | string[]>) => Promise<Walk>;
  token: (form: Record<string, string | string[]>) => Promise<Response>;
  /** The whole way to tokens for a resource. */
  signIn: (options?: SignInOptions) => Promise<Tokens & { clientId: string }>;
};

export type SignInOptions = { resource?: string; scope?: string; clientId?: string; browser?: CookieJar };
export type Tokens = { access_token: string; refresh_token: string; scope: string; token_type: string };
/** Where a browser ended: at an address of a client, or on a page of ours. */
export type Walk = { status: number; location: URL | null; body: string; headers: Headers };
export type CookieJar = Map<string, { value: string; path: string }>;

export const CALLBACK = "http://127.0.0.1:49152/callback";
export const VERIFIER = randomBytes(32).toString("base64url");
export const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

/** The real authorization server on a port of its own; a page that allows what the test says stands for the person. */
export async function startTestAuthorization(
  options: { env?: Record<string, string>; network?: Network } = {},
): Promise<TestAuthorization> {
  const owner = await createOwner();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = (server.address() as AddressInfo).port;
  const config = withPort(readConfig({ ...options.env, PORT: "0" }), port);
  const log: FastifyBaseLogger = pino({ level: "silent" });
  const clock = { now: Date.now() };
  const now = (): number => clock.now;
  const ended: EndedGrant[] = [];
  const authorization = createAuthorization({
    config,
    store: owner.store,
    log,
    now,
    personas: createPublishedPersonas(owner.store),
    onGrantEnded: async (grant) => void ended.push(grant),
    ...(options.network === undefined ? {} : { network: options.network }),
  });
  let decision: Partial<SignInDecision> | "deny" = {};
  const app = Fastify<Server>({
    loggerInstance: log,
    trustProxy: config.trustProxy,
    serverFactory: (handler) => server.on("request", handler),
  });
  await securityHeaders(app, { config });
  await limitRoutes(app);
  app.get("/sign-in/:uid", async (request, reply) => {
    const { interactions } = authorization;
    if (decision === "deny") return reply.redirect(await interactions.deny(request, reply), 303);
    const pending = await interactions.load(request, reply);
    const allowed = {
      userId: owner.userId,
      keyId: null,
      personaId: pending.personaId ?? "",
      scopes: pending.scopes,
      tools: null,
      ...decision,
    };
    return reply.redirect(await interactions.finish(request, reply, allowed), 303);
  });
  await authorization.mount(app);
  await app.ready();
  const url = config.publicUrl;

  const post = (path: string, type: string, body: string): Promise<Response> =>
    fetch(`${url}${path}`, { method: "POST", headers: { "content-type": type }, body });
  const register: TestAuthorization["register"] = (body) => post("/register", "application/json", JSON.stringify(body));
  const client: TestAuthorization["client"] = async (name = "Test client") => {
    const answer = await register({ client_name: name, redirect_uris: [CALLBACK] });
    return ((await answer.json()) as { client_id: string }).client_id;
  };
  const token: TestAuthorization["token"] = (form) =>
    post("/token", "application/x-www-form-urlencoded", toForm(form).toString());
  const walk = (parameters: Record<string, string | string[]>, jar: CookieJar): Promise<Walk> =>
    follow(new URL(`${url}/authorize?${toForm(parameters).toString()}`), jar);

  return {
    url,
    port,
    config,
    owner,
    clock,
    server: authorization,
    ended,
    decide: (change) => (decision = change),
    register,
    client,
    authorize: (parameters) => walk(parameters, new Map()),
    token,
    signIn: async (given = {}) => {
      const clientId = given.clientId ?? (await client());
      const { location } = await walk(
        {
          ...authorizeParameters(clientId),
          ...(given.resource === undefined ? {} : { resource: given.resource }),
          ...(given.scope === undefined ? {} : { scope: given.scope }),
        },
        given.browser ?? new Map(),
      );
      const code = location?.searchParams.get("code") ?? "";
      const answer = await token(codeForm(clientId, code));
      return { ...((await answer.json()) as Tokens), clientId };
    },
    [Symbol.asyncDispose]: async () => {
      await app.close();
      server.closeAllConnections();
      server.close();
      await owner.store.close();
    },
  };
}

export const authorizeParameters = (clientId: string): Record<string, string> => ({
  response_type: "code",
  client_id: clientId,
  redirect_uri: CALLBACK,
  code_challenge: CHALLENGE,
  code_challenge_method: "S256",
  state: "xyz",
});

export const codeForm = (clientId: string, code: string): Record<string, string> => ({
  grant_type: "authorization_code",
  client_id: clientId,
  code,
  code_verifier: VERIFIER,
  redirect_uri: CALLBACK,
});

export const refreshForm = (clientId: string, refreshToken: string): Record<string, string> => ({
  grant_type: "refresh_token",
  client_id: clientId,
  refresh_token: refreshToken,
});

function toForm(values: Record<string, string | string[]>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(values).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])),
  );
}

/** A browser's way through redirects on one origin, with its cookies; it stops at the first foreign address. */
async function follow(start: URL, jar: CookieJar): Promise<Walk> {
  let at = start;
  for (let hop = 0; hop < 10; hop += 1) {
    const cookie = [...jar]
      .filter(([, { path }]) => `${at.pathname}/`.startsWith(path.endsWith("/") ? path : `${path}/`))
      .map(([key, { value }]) => `${key.split(" ")[0]}=${value}`)
      .join("; ");
    const response = await fetch(at, { redirect: "manual", headers: { accept: "text/html", cookie } });
    for (const line of response.headers.getSetCookie()) keepCookie(jar, line);
    const body = await response.text();
    const target = response.headers.get("location");
    if (target === null) return { status: response.status, location: null, body, headers: response.headers };
    const next = new URL(target, at);
    if (next.origin !== start.origin) {
      return { status: response.status, location: next, body, headers: response.headers };
    }
    at = next;
  }
  throw new Error("too many redirects");
}

function keepCookie(jar: CookieJar, line: string): void {
  const [pair = "", ...attributes] = line.split("; ");
  const [name = "", value = ""] = pair.split("=");
  const path = attributes.find((attribute) => attribute.startsWith("path="))?.slice("path=".length) ?? "/";
  if (value === "") jar.delete(`${name} ${path}`);
  else jar.set(`${name} ${path}`, { value, path });
}
