import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import { OAuthError, refreshAuthorization } from "@modelcontextprotocol/client";
import type { Stored, Vault } from "../vault/vault.ts";
import type { Locks } from "./locks.ts";
import { toSdkMetadata } from "./oauth/authorization-server.ts";
import { authenticateClient } from "./oauth/client-authentication.ts";
import type { Fetch } from "./oauth/metadata-fetch.ts";
import { checkTokens } from "./oauth/token-fault.ts";
import {
  isFresh,
  tokenRecordSchema,
  tokenSecretId,
  toTokenRecord,
  type GrantContext,
  type TokenRecord,
} from "./oauth/token-record.ts";

export type TokenOwner = { connectionId: string; appName: string; appUrl: string };

export type TokenSourceDeps = {
  vault: Vault;
  locks: Locks;
  /** The guarded fetch for this owner's authorization server. */
  fetchFor(owner: TokenOwner): Fetch;
  /** A flow without a window, with the person's web session; rejects where that is not possible. */
  authorizeSilently(owner: TokenOwner, context: GrantContext): Promise<TokenRecord>;
  now: () => number;
};

export type TokenSource = {
  /** A token to send now. @throws AppError `app_needs_sign_in`, `app_unreachable`. */
  current(owner: TokenOwner): Promise<string>;
  /** A token to try once more after the app refused `rejected`. */
  afterRejection(owner: TokenOwner, rejected: string): Promise<string>;
  /** After tokens were written or removed elsewhere. */
  forget(connectionId: string): void;
};

/** Reason of `app_unreachable` while the sign-in has expired and its server has trouble of its own. */
export const NOT_RENEWED = "its authorization server does not renew the sign-in now";

/** How long a failed healing answers at once, so that a burst of calls does not become a burst of sign-ins. */
const GIVEN_UP_MS = 30_000;

export function createTokenSource(deps: TokenSourceDeps): TokenSource {
  const known = new Map<string, Stored<TokenRecord>>();
  const givenUp = new Map<string, { revision: string; until: number }>();

  const load = async (owner: TokenOwner): Promise<Stored<TokenRecord>> => {
    const stored = await deps.vault.read(tokenSecretId(owner.connectionId), tokenRecordSchema);
    if (stored === null) throw needsSignIn(owner);
    known.set(owner.connectionId, stored);
    return stored;
  };

  const usable = (stored: Stored<TokenRecord>, rejected: string | null): boolean =>
    stored.value.accessToken !== rejected && isFresh(stored.value, deps.now());

  /** Only under the connection's lock. Whatever another context wrote meanwhile wins over what we obtained. */
  const save = async (owner: TokenOwner, base: Stored<TokenRecord>, record: TokenRecord): Promise<string> => {
    const id = tokenSecretId(owner.connectionId);
    const revision = await deps.vault.compareAndSwap(id, base.revision, record);
    if (revision === null) return (await load(owner)).value.accessToken;
    known.set(owner.connectionId, { value: record, revision });
    return record.accessToken;
  };

  const flights = new Map<string, Promise<string>>();

  /** Who comes while a token is renewed takes what that brings, so that a server that hangs is waited for once. */
  const heal = async (owner: TokenOwner, rejected: string | null): Promise<string> => {
    const { connectionId } = owner;
    const running = flights.get(connectionId);
    if (running !== undefined) {
      const token = await running;
      if (token !== rejected) return token;
    }
    const flight = renew(owner, rejected);
    flights.set(connectionId, flight);
    try {
      return await flight;
    } finally {
      if (flights.get(connectionId) === flight) flights.delete(connectionId);
    }
  };

  const renew = (owner: TokenOwner, rejected: string | null): Promise<string> =>
    deps.locks.request(`app-token:${owner.connectionId}`, async () => {
      const stored = await load(owner);
      if (usable(stored, rejected)) return stored.value.accessToken;
      const given = givenUp.get(owner.connectionId);
      if (given?.revision === stored.revision && deps.now() < given.until) throw needsSignIn(owner);

      const refreshed = await refresh(deps, owner, stored.value, rejected);
      if (refreshed === stored.value) return refreshed.accessToken;
      if (refreshed !== "refused") return save(owner, stored, refreshed);

      // The refresh token may be spent because another context used it: then its result is stored by now.
      const again = await load(owner);
      if (again.revision !== stored.revision && usable(again, rejected)) return again.value.accessToken;
      try {
        return await save(owner, again, await deps.authorizeSilently(owner, again.value.context));
      } catch (cause) {
        if (isAppError(cause) && cause.code === "connect_permission") throw cause;
        if (isAppError(cause) && cause.code === "connect_unreachable") {
          return keep(deps, owner, again.value, rejected, cause).accessToken;
        }
        givenUp.set(owner.connectionId, { revision: again.revision, until: deps.now() + GIVEN_UP_MS });
        throw needsSignIn(owner, cause);
      }
    });

  return {
    async current(owner) {
      const stored = known.get(owner.connectionId) ?? (await load(owner));
      return usable(stored, null) ? stored.value.accessToken : heal(owner, null);
    },
    afterRejection: heal,
    forget(connectionId) {
      known.delete(connectionId);
      givenUp.delete(connectionId);
    },
  };
}

type Refreshed = TokenRecord | "refused";

/** `refused`: this refresh token will never work again, or there is none. The record itself: its token still does. */
async function refresh(
  deps: TokenSourceDeps,
  owner: TokenOwner,
  record: TokenRecord,
  rejected: string | null,
): Promise<Refreshed> {
  if (record.refreshToken === null) return "refused";
  const { server, client, resource } = record.context;
  const startedAt = deps.now();
  try {
    const tokens = await refreshAuthorization(server.issuer, {
      metadata: toSdkMetadata(server),
      clientInformation: { client_id: client.clientId },
      refreshToken: record.refreshToken,
      resource,
      addClientAuthentication: authenticateClient(server, client),
      fetchFn: deps.fetchFor(owner),
    });
    const renewed = toTokenRecord(record.context, checkTokens(owner.appName, tokens), startedAt);
    return { ...renewed, grantedScope: tokens.scope ?? record.grantedScope };
  } catch (error) {
    if (error instanceof OAuthError && isFinal(error.code)) return "refused";
    if (isAppError(error) && error.code === "connect_permission") throw error;
    return keep(deps, owner, record, rejected, error);
  }
}

/** While its server has trouble, a token is used to its end. */
function keep(
  deps: Pick<TokenSourceDeps, "now">,
  owner: TokenOwner,
  record: TokenRecord,
  rejected: string | null,
  cause: unknown,
): TokenRecord {
  const stillValid = record.expiresAt === null || deps.now() < record.expiresAt;
  if (stillValid && record.accessToken !== rejected) return record;
  throw new AppError("app_unreachable", { detail: { app: owner.appName, reason: NOT_RENEWED }, cause });
}

/** Errors that trying again cannot mend; a server's own trouble is not among them. */
const isFinal = (code: string): boolean =>
  ["invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope", "unsupported_grant_type"].includes(
    code,
  ) ||
  code === "invalid_target" ||
  code === "invalid_request";

function needsSignIn(owner: TokenOwner, cause?: unknown): AppError {
  return new AppError("app_needs_sign_in", { detail: { app: owner.appName }, cause });
}
