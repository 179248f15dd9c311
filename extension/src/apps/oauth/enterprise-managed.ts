import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import { OAuthError } from "@modelcontextprotocol/client";
import type { Fetch } from "./metadata-fetch.ts";
import { askAssertion, loadAssertion, type IdentityAssertion, type IdentityProviderDeps } from "./identity-provider.ts";
import { requestTokens } from "./request-tokens.ts";
import { checkTokens, failed, tokenFault } from "./token-fault.ts";
import { JWT_BEARER, toTokenRecord, type Grant, type GrantContext, type TokenRecord } from "./token-record.ts";

export type ManagedGrant = Extract<Grant, { kind: "enterprise_managed" }>;
export type ManagedContext = GrantContext & { grant: ManagedGrant };

const ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
/** In which a provider says that it may not be, rather than that something is amiss. */
const DENIALS = ["access_denied", "invalid_target", "invalid_scope", "invalid_grant", "invalid_request"];

/**
 * Enterprise-Managed Authorization (an extension of MCP): the identity provider's word on the person becomes a grant for
 * this app, and that a token. No refresh token is kept, so that the provider is asked again each time.
 * @throws AppError of the `connect_…` family.
 */
export async function obtainManaged(
  deps: IdentityProviderDeps & { fetch: Fetch },
  context: ManagedContext,
  interactive: boolean,
): Promise<TokenRecord> {
  const { provider, subject } = context.grant;
  if (interactive) {
    const assertion = await askAssertion(deps, provider, subject);
    return redeem(deps, context, await exchange(deps, context, assertion));
  }
  if (subject === null) throw failed(new URL(provider.issuer).host, "nobody has signed in there yet");
  const first = await loadAssertion(deps, provider, { subject, refused: null });
  try {
    return await redeem(deps, context, await exchange(deps, context, first.assertion));
  } catch (error) {
    // The provider may have ended the session that the word was given in.
    if (first.isNew || !isAppError(error) || error.code !== "connect_provider_refused") throw error;
  }
  const next = await loadAssertion(deps, provider, { subject, refused: first.assertion.idToken });
  return redeem(deps, context, await exchange(deps, context, next.assertion));
}

type Exchanged = { jag: string; subject: string; scope: string | null };

/** RFC 8693 at the provider: from an ID token to a grant that only this app's authorization server takes. */
async function exchange(
  deps: IdentityProviderDeps,
  { server, resource, scope, grant }: ManagedContext,
  assertion: IdentityAssertion,
): Promise<Exchanged> {
  const provider = new URL(grant.provider.issuer).host;
  const issued = await requestTokens(deps.fetchAt(grant.provider.issuer), assertion.context, {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    requested_token_type: ID_JAG,
    audience: server.issuer,
    resource,
    ...(scope === null ? {} : { scope }),
    subject_token: assertion.idToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  }).catch((error: unknown) => {
    if (!(error instanceof OAuthError) || !DENIALS.includes(error.code)) {
      throw tokenFault(provider, assertion.context.client, error);
    }
    throw new AppError("connect_provider_refused", { detail: { provider, app: deps.appHost }, cause: error });
  });
  if (issued.issued_token_type !== ID_JAG) throw failed(provider, "it does not issue grants for apps (ID-JAG)");
  return { jag: issued.access_token, subject: assertion.subject, scope: issued.scope ?? scope };
}

/** RFC 7523 at the app's authorization server. */
async function redeem(
  deps: { fetch: Fetch; appHost: string; now: () => number },
  context: ManagedContext,
  { jag, subject, scope }: Exchanged,
): Promise<TokenRecord> {
  const startedAt = deps.now();
  const bound = { ...context, grant: { ...context.grant, subject } };
  try {
    const tokens = await requestTokens(deps.fetch, context, {
      grant_type: JWT_BEARER,
      assertion: jag,
    });
    const record = toTokenRecord(bound, checkTokens(deps.appHost, tokens), startedAt);
    // The provider may have left out some of what was asked for.
    return { ...record, grantedScope: tokens.scope ?? scope };
  } catch (error) {
    throw tokenFault(deps.appHost, context.client, error);
  }
}
