import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Scope } from "@agent-personas/shared/persona/scope";
import type { Authorization, KnownGrant } from "../deps.ts";

export type TestAuthorization = Authorization & {
  /** Makes `token` good for one audience. */
  issue: (token: string, issued: { audience: string; grant: KnownGrant; scopes?: readonly Scope[] }) => void;
};

/** Tokens without an authorization server, for tests of what the endpoint makes of them. */
export function createTestAuthorization(): TestAuthorization {
  const issued = new Map<string, { audience: string; grant: KnownGrant; scopes?: readonly Scope[] }>();
  const endWhere = async (matches: (grant: KnownGrant) => boolean): Promise<void> => {
    for (const [token, { grant }] of issued) if (matches(grant)) issued.delete(token);
  };
  return {
    issue: (token, what) => void issued.set(token, what),
    verify: async (token, audiences) => {
      const found = issued.get(token);
      if (found === undefined || !audiences.includes(found.audience)) {
        throw new AppError("invalid_token", { detail: { reason: "This token is not valid here." } });
      }
      return { grant: found.grant, scopes: found.scopes ?? found.grant.scopes };
    },
    revokeGrant: (grantId) => endWhere((grant) => grant.grantId === grantId),
    revokeGrantsOfPersona: (personaId) => endWhere((grant) => grant.personaId === personaId),
    revokeGrantsOfKey: (keyId) => endWhere((grant) => grant.keyId === keyId),
  };
}
