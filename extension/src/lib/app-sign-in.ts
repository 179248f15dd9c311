import { z } from "zod";

const identifier = z.string().trim().min(1).max(500);
const secret = z.string().min(1).max(2_000);

/** An OAuth client that a person made at an authorization server. */
export const appClientSchema = z
  .strictObject({
    clientId: identifier,
    clientSecret: secret.optional(),
    /** Instead of a secret: PKCS #8 in PEM, or a JWK. */
    privateKey: z.string().min(1).max(16_000).optional(),
  })
  .refine(({ clientSecret, privateKey }) => clientSecret === undefined || privateKey === undefined);
export type AppClient = z.infer<typeof appClientSchema>;

/**
 * How a connection signs in at its app. With the person's own account, as a client that registers itself (null) or one
 * of theirs; as an application, in which nobody signs in; or through the identity provider of the person's organisation,
 * which vouches for them (the MCP extension Enterprise-Managed Authorization).
 */
export const appSignInSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("authorization_code"), client: appClientSchema.nullable() }),
  z.strictObject({
    kind: z.literal("client_credentials"),
    client: appClientSchema.refine((client) => client.clientSecret !== undefined || client.privateKey !== undefined),
  }),
  z.strictObject({
    kind: z.literal("enterprise_managed"),
    provider: z.strictObject({
      /** Its issuer address. */
      issuer: z.string().trim().min(1).max(2_000),
      clientId: identifier,
      clientSecret: secret.optional(),
    }),
    /** At the app's own authorization server; null for one that registers itself. */
    client: appClientSchema.nullable(),
  }),
]);
export type AppSignIn = z.infer<typeof appSignInSchema>;
