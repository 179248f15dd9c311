import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { decodeJwt, type JWK } from "jose";
import type { ClientMetadata, Configuration, Provider } from "oidc-provider";
import { z } from "zod";
import { exchangeIdTokens, type Assignment } from "./exchange-id-tokens.ts";
import { ID_JAG } from "./id-jag.ts";
import { loginForm, show, signedIn } from "./login-pages.ts";
import { hostProvider } from "./provider-host.ts";

export type IdentityProviderOptions = {
  /** Where people come back to after a sign-in. */
  redirectUri: string;
  /** Of its one client; public without. */
  clientSecret?: string;
  /** Seconds that an ID token lives at first. */
  idTokenTtl?: number;
  refreshTokens?: boolean;
};

/** What the identity provider of an organisation gave out. */
type Issued = { idTokens: string[]; idJags: string[]; refreshTokens: string[]; accessTokens: string[] };

export type IdentityProvider = {
  issuer: string;
  jwks: { keys: JWK[] };
  /** What its one client signs people in with. */
  client: { clientId: string; clientSecret?: string };
  /** Open it in a browser to be signed in there; another account takes the place of the first. */
  loginUrl: (account: string) => string;
  counters: { codes: number; refreshes: number; exchanges: number; refusedExchanges: number; logins: number };
  issued: Issued;
  /** Seconds that what is given out from now on lives. */
  lifetimes: { idToken: number };
  /** An ID token that sign-ins are answered with instead of their own. */
  lies: { idToken: string | null };
  /** Answers what takes it back. */
  assign: (assignment: Omit<Assignment, "people"> & { people?: readonly string[] }) => () => void;
  /** Ends a person's sessions and takes back what was given out for them; they can sign in again. */
  endSession: (account: string) => Promise<void>;
  /** From now on this account gets nothing any more. */
  deny: (account: string) => Promise<void>;
} & AsyncDisposable;

const CLIENT_ID = "agent-personas";
const SESSION_SECONDS = 3_600;

const tokensSchema = z.object({
  id_token: z.string().optional(),
  refresh_token: z.string().optional(),
  access_token: z.string().optional(),
  issued_token_type: z.string().optional(),
});

const signInSchema = z.looseObject({ id_token: z.string() });

/** A real OpenID provider that vouches for its people at other authorization servers (ID-JAG). Nobody is asked to consent. */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const denied = new Set<string>();
  const sessions = new Map<string, Set<string>>();
  const grants = new Map<string, Set<string>>();
  const takenBack = new Set<string>();
  const issued: Issued = { idTokens: [], idJags: [], refreshTokens: [], accessTokens: [] };
  const counters = { codes: 0, refreshes: 0, exchanges: 0, refusedExchanges: 0, logins: 0 };
  const lifetimes = { idToken: options.idTokenTtl ?? 3_600 };
  const lies: IdentityProvider["lies"] = { idToken: null };
  let assignments: Assignment[] = [];

  const hosted = await hostProvider(
    (signing) => configuration(options, signing, { grants, lifetimes, isDenied: (account) => denied.has(account) }),
    async (provider, request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://idp");
      if (pathname === "/login") await beginSession(provider, request, response, searchParams.get("account") ?? "ada");
      else if (pathname.startsWith("/interaction/")) {
        await interact(provider, request, response, (account) => {
          if (!denied.has(account)) counters.logins += 1;
          return !denied.has(account);
        });
      } else return false;
      return true;
    },
  );
  const { provider, issuer, jwks } = hosted;
  exchangeIdTokens({
    hosted,
    assignments: () => assignments,
    stands: (idToken) => issued.idTokens.includes(idToken) && !takenBack.has(idToken),
    isDenied: (account) => denied.has(account),
    onIssued: (idJag) => void issued.idJags.push(idJag),
  });
  provider.use(async (ctx, next) => {
    await next();
    const answer = signInSchema.safeParse(ctx.body);
    if (answer.success && lies.idToken !== null) ctx.body = { ...answer.data, id_token: lies.idToken };
  });
  provider.on("session.saved", ({ accountId, uid }) => {
    if (accountId !== undefined) addTo(sessions, accountId, uid);
  });
  provider.on("grant.success", (ctx) => {
    const grantType = ctx.oidc.params?.["grant_type"];
    if (grantType === "authorization_code") counters.codes += 1;
    if (grantType === "refresh_token") counters.refreshes += 1;
    if (grantType === ID_JAG.tokenExchange) counters.exchanges += 1;
    collect(ctx.body, issued);
  });
  provider.on("grant.error", (ctx) => {
    if (ctx.oidc.params?.["grant_type"] === ID_JAG.tokenExchange) counters.refusedExchanges += 1;
  });

  const endSession = async (account: string): Promise<void> => {
    for (const uid of sessions.get(account) ?? []) await (await provider.Session.findByUid(uid))?.destroy();
    for (const id of grants.get(account) ?? []) await (await provider.Grant.find(id))?.destroy();
    for (const idToken of issued.idTokens) if (decodeJwt(idToken).sub === account) takenBack.add(idToken);
    sessions.delete(account);
    grants.delete(account);
  };
  return {
    issuer,
    jwks,
    client: { clientId: CLIENT_ID, ...(options.clientSecret !== undefined && { clientSecret: options.clientSecret }) },
    loginUrl: (account) => `${issuer}/login?account=${encodeURIComponent(account)}`,
    counters,
    issued,
    lifetimes,
    lies,
    assign({ people, ...app }) {
      const assignment = { ...app, people: people === undefined ? null : new Set(people) };
      assignments.push(assignment);
      return () => void (assignments = assignments.filter((one) => one !== assignment));
    },
    endSession,
    async deny(account) {
      denied.add(account);
      await endSession(account);
    },
    [Symbol.asyncDispose]: () => hosted[Symbol.asyncDispose](),
  };
}

type State = Pick<IdentityProvider, "lifetimes"> & {
  grants: Map<string, Set<string>>;
  isDenied: (account: string) => boolean;
};

function configuration(
  { redirectUri, clientSecret, refreshTokens = false }: IdentityProviderOptions,
  signing: JWK,
  { grants, lifetimes, isDenied }: State,
): Configuration {
  const client: ClientMetadata = {
    client_id: CLIENT_ID,
    redirect_uris: [redirectUri],
    response_types: ["code"],
    grant_types: ["authorization_code", ID_JAG.tokenExchange, ...(refreshTokens ? ["refresh_token"] : [])],
    ...(clientSecret === undefined
      ? { token_endpoint_auth_method: "none" }
      : { token_endpoint_auth_method: "client_secret_post", client_secret: clientSecret }),
  };
  return {
    jwks: { keys: [signing] },
    cookies: { keys: [randomBytes(32).toString("hex")] },
    clients: [client],
    clientAuthMethods: [clientSecret === undefined ? "none" : "client_secret_post"],
    responseTypes: ["code"],
    scopes: ["openid", "offline_access"],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: () => refreshTokens,
    expiresWithSession: () => false,
    discovery: { identity_chaining_requested_token_types_supported: [ID_JAG.tokenType] },
    findAccount: (_ctx, accountId) =>
      isDenied(accountId) ? undefined : { accountId, claims: () => ({ sub: accountId }) },
    routes: { authorization: "/authorize", token: "/token", revocation: "/revoke" },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: {
      AccessToken: 600,
      IdToken: () => lifetimes.idToken,
      Grant: 86_400,
      RefreshToken: 86_400,
      Interaction: 600,
      Session: SESSION_SECONDS,
    },
    // Whoever runs the organisation has consented for its people.
    async loadExistingGrant({ oidc }) {
      const accountId = oidc.session?.accountId ?? "";
      const grant = new oidc.provider.Grant({ accountId, clientId: oidc.client?.clientId ?? "" });
      grant.addOIDCScope("openid offline_access");
      addTo(grants, accountId, await grant.save());
      return grant;
    },
    features: { devInteractions: { enabled: false }, userinfo: { enabled: false }, revocation: { enabled: true } },
  };
}

/** The session that every sign-in there, silent or not, then has. */
async function beginSession(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  accountId: string,
): Promise<void> {
  const session = new provider.Session();
  session.loginAccount({ accountId });
  await session.save(SESSION_SECONDS);
  const { cookies } = provider.createContext(request, response);
  cookies.set(provider.cookieName("session"), session.jti, { httpOnly: true, sameSite: "lax", overwrite: true });
  show(response, signedIn);
}

/** Without a session, somebody is asked who they are. */
async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  mayEnter: (account: string) => boolean,
): Promise<void> {
  const { uid } = await provider.interactionDetails(request, response);
  const accountId = new URL(request.url ?? "/", "http://idp").searchParams.get("account");
  if (accountId === null) show(response, loginForm(uid));
  else {
    const result = mayEnter(accountId) ? { login: { accountId } } : { error: "access_denied" };
    await provider.interactionFinished(request, response, result);
  }
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}

function collect(body: unknown, issued: Issued): void {
  const { id_token, refresh_token, access_token, issued_token_type } = tokensSchema.parse(body);
  if (id_token !== undefined) issued.idTokens.push(id_token);
  if (refresh_token !== undefined) issued.refreshTokens.push(refresh_token);
  if (access_token !== undefined && issued_token_type === undefined) issued.accessTokens.push(access_token);
}
