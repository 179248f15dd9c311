/** Names of the Identity Assertion JWT Authorization Grant (draft-ietf-oauth-identity-assertion-authz-grant). */
export const ID_JAG = {
  tokenExchange: "urn:ietf:params:oauth:grant-type:token-exchange",
  jwtBearer: "urn:ietf:params:oauth:grant-type:jwt-bearer",
  idToken: "urn:ietf:params:oauth:token-type:id_token",
  tokenType: "urn:ietf:params:oauth:token-type:id-jag",
  profile: "urn:ietf:params:oauth:grant-profile:id-jag",
  typ: "oauth-id-jag+jwt",
} as const;
