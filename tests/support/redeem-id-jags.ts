import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from "jose";
import { errors, type Provider, type ResourceServer } from "oidc-provider";
import { z } from "zod";
import { ID_JAG } from "./id-jag.ts";

export type TrustedProvider = { issuer: string; jwks: JSONWebKeySet };

type RedeemDeps = {
  trusts: TrustedProvider;
  /** Null for a resource that is none of this server's. */
  resourceServer: (url: string) => ResourceServer | null;
};

const assertionSchema = z.object({ assertion: z.string() });
const claimsSchema = z.object({
  sub: z.string().min(1),
  aud: z.string(),
  client_id: z.string(),
  resource: z.string(),
  jti: z.string(),
  exp: z.number(),
  iat: z.number(),
});

/** Lets an authorization server give access tokens, and nothing to renew them with, for ID-JAGs (RFC 7523, 2.1). */
export function redeemIdJags(provider: Provider, { trusts, resourceServer }: RedeemDeps): void {
  const keys = createLocalJWKSet(trusts.jwks);

  const claimsOf = async (assertion: string): Promise<z.infer<typeof claimsSchema>> => {
    const expected = { issuer: trusts.issuer, audience: provider.issuer, typ: ID_JAG.typ, algorithms: ["RS256"] };
    try {
      return claimsSchema.parse((await jwtVerify(assertion, keys, expected)).payload);
    } catch (cause) {
      throw new errors.InvalidGrant({ detail: "the assertion cannot be used", cause });
    }
  };

  provider.registerGrantType(
    ID_JAG.jwtBearer,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      const parsed = assertionSchema.safeParse(params);
      if (!parsed.success) throw new errors.InvalidRequest("an assertion is needed");
      const { sub, client_id: clientId, resource, jti, exp } = await claimsOf(parsed.data.assertion);
      if (clientId !== client.clientId) throw new errors.InvalidGrant("the assertion is another client's");
      const server = resourceServer(resource);
      if (server === null) throw new errors.InvalidTarget("the assertion is for another resource");
      if (!(await provider.ReplayDetection.unique(trusts.issuer, jti, exp))) {
        throw new errors.InvalidGrant("the assertion was used before");
      }
      const token = new provider.AccessToken({
        client,
        accountId: sub,
        grantId: jti,
        gty: ID_JAG.jwtBearer,
        scope: server.scope,
        resourceServer: new provider.ResourceServer(resource, server),
      });
      ctx.oidc.entity("AccessToken", token);
      const accessToken = await token.save();
      ctx.body = {
        access_token: accessToken,
        token_type: token.tokenType,
        expires_in: token.expiration,
        scope: token.scope,
      };
    },
    ["assertion", "scope", "resource"],
    ["resource"],
  );
}
