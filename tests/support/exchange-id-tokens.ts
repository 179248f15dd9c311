import { randomUUID } from "node:crypto";
import { createLocalJWKSet, jwtVerify, SignJWT } from "jose";
import { errors } from "oidc-provider";
import { z } from "zod";
import { ID_JAG } from "./id-jag.ts";
import { SIGNING, type HostedProvider } from "./provider-host.ts";

/** What an organisation lets its people use: an app, and the client that its authorization server knows. */
export type Assignment = {
  /** Issuer of the app's authorization server. */
  audience: string;
  resource: string;
  clientId: () => string;
  /** Null for everybody. */
  people: ReadonlySet<string> | null;
};

type ExchangeDeps = {
  hosted: Pick<HostedProvider, "provider" | "jwks" | "signingKey">;
  assignments: () => readonly Assignment[];
  /** Whether it gave this ID token out and has not taken it back. */
  stands: (idToken: string) => boolean;
  isDenied: (account: string) => boolean;
  onIssued: (idJag: string) => void;
};

const LIFETIME_SECONDS = 300;
const PARAMETERS = ["subject_token", "subject_token_type", "requested_token_type", "audience", "resource", "scope"];

const exchangeSchema = z.object({
  subject_token: z.string(),
  subject_token_type: z.literal(ID_JAG.idToken),
  requested_token_type: z.literal(ID_JAG.tokenType),
  audience: z.string(),
  resource: z.string(),
  scope: z.string().optional(),
});

/** Lets an identity provider give ID-JAGs for ID tokens of its own (RFC 8693). */
export function exchangeIdTokens(deps: ExchangeDeps): void {
  const { provider, signingKey } = deps.hosted;
  provider.registerGrantType(
    ID_JAG.tokenExchange,
    async (ctx) => {
      const parsed = exchangeSchema.safeParse(ctx.oidc.params);
      if (!parsed.success) throw new errors.InvalidRequest("this is no exchange of an ID token for an ID-JAG");
      const { subject_token: idToken, audience, resource, scope } = parsed.data;
      const account = await subjectOf(deps, idToken, ctx.oidc.client.clientId);
      const { clientId } = findAssignment(deps, account, { audience, resource });
      const idJag = await new SignJWT({
        resource,
        client_id: clientId(),
        ...(scope !== undefined && { scope }),
      })
        .setProtectedHeader({ ...SIGNING, typ: ID_JAG.typ })
        .setIssuer(provider.issuer)
        .setSubject(account)
        .setAudience(audience)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime(`${LIFETIME_SECONDS} s`)
        .sign(signingKey);
      deps.onIssued(idJag);
      ctx.body = {
        issued_token_type: ID_JAG.tokenType,
        access_token: idJag,
        token_type: "N_A",
        expires_in: LIFETIME_SECONDS,
        ...(scope !== undefined && { scope }),
      };
    },
    PARAMETERS,
  );
}

async function subjectOf({ hosted, stands }: ExchangeDeps, idToken: string, clientId: string): Promise<string> {
  const { provider, jwks } = hosted;
  const expected = { issuer: provider.issuer, audience: clientId, algorithms: [SIGNING.alg] };
  const verified = await jwtVerify(idToken, createLocalJWKSet(jwks), expected).catch((cause: unknown) => {
    throw new errors.InvalidGrant({ detail: "the ID token cannot be used", cause });
  });
  if (!stands(idToken)) throw new errors.InvalidGrant("the ID token was taken back");
  return z.string().parse(verified.payload.sub);
}

function findAssignment(
  { assignments, isDenied }: ExchangeDeps,
  account: string,
  wanted: Pick<Assignment, "audience" | "resource">,
): Assignment {
  const found = assignments().find(
    ({ audience, resource }) => audience === wanted.audience && resource === wanted.resource,
  );
  if (found === undefined) throw new errors.InvalidTarget("the organisation does not use this app");
  const isAllowed = found.people === null || found.people.has(account);
  if (isDenied(account) || !isAllowed) throw new errors.AccessDenied("the organisation does not allow it");
  return found;
}
