import { OAuthError } from "@modelcontextprotocol/client";
import { authorize, type Identity } from "./authorize.ts";
import { obtainManaged } from "./enterprise-managed.ts";
import type { IdentityProviderDeps } from "./identity-provider.ts";
import type { Fetch } from "./metadata-fetch.ts";
import { requestTokens, type IssuedTokens } from "./request-tokens.ts";
import { checkTokens, tokenFault } from "./token-fault.ts";
import { toTokenRecord, type GrantContext, type TokenRecord } from "./token-record.ts";

export type ObtainDeps = IdentityProviderDeps & {
  identity: Identity;
  /** The guarded fetch for the app's authorization server. */
  fetch: Fetch;
};

/**
 * Tokens for an app, in the way that was chosen for the connection. Without `interactive` nothing is shown.
 * @throws AppError of the `connect_…` family.
 */
export async function obtainTokens(
  deps: ObtainDeps,
  context: GrantContext,
  interactive: boolean,
): Promise<TokenRecord> {
  const { grant } = context;
  switch (grant?.kind) {
    case undefined: {
      const { tokens, startedAt } = await authorize(deps, context, interactive);
      return toTokenRecord(context, tokens, startedAt);
    }
    case "client_credentials":
      return obtainAsApplication(deps, context);
    case "enterprise_managed":
      return obtainManaged(deps, { ...context, grant }, interactive);
  }
}

/** The extension OAuth Client Credentials of MCP: nobody signs in, so it is asked for again instead of refreshed. */
async function obtainAsApplication(deps: ObtainDeps, context: GrantContext): Promise<TokenRecord> {
  const { client, resource, scope } = context;
  const startedAt = deps.now();
  let granted = scope;
  const ask = (more: Readonly<Record<string, string>>): Promise<IssuedTokens> =>
    requestTokens(deps.fetch, context, { grant_type: "client_credentials", resource, ...more });
  try {
    const tokens = await ask(scope === null ? {} : { scope }).catch((error: unknown) => {
      // What the app names for everybody may be more than this application has; its server knows what that is.
      if (!(error instanceof OAuthError) || error.code !== "invalid_scope" || scope === null) throw error;
      granted = null;
      return ask({});
    });
    const record = toTokenRecord(context, checkTokens(deps.appHost, tokens), startedAt);
    return { ...record, grantedScope: tokens.scope ?? granted };
  } catch (error) {
    throw tokenFault(deps.appHost, client, error);
  }
}
