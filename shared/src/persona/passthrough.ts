import { z } from "zod";
import { scopesSchema } from "./scope.ts";

/** Headers that belong to the connection, the browser or the protocol, in lower case: never forwarded to an app. */
const NEVER_FORWARDED =
  /^(?:accept.*|access-control-.*|baggage|connection|content-.*|cookie2?|date|dnt|expect|forwarded|host|keep-alive|last-event-id|mcp-.*|origin|proxy-.*|referer|sec-.*|set-cookie2?|te|trailer|traceparent|tracestate|transfer-encoding|upgrade|user-agent|via|x-forwarded-.*|x-http-method(?:-override)?|x-method-override|x-real-ip)$/u;

/** The name of a header that a caller may pass on, in lower case. */
export const forwardableHeaderSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/u, "is not the name of a header")
  .refine((name) => !NEVER_FORWARDED.test(name), "This header is never forwarded.");

/** Visible Latin-1, space and tab: what HTTP allows in a value and `fetch` can send. */
export const headerValueSchema = z.string().regex(/^[\t\x20-\x7e\xa0-\xff]{1,8000}$/u, "cannot be sent in a header");

/** A header of a passthrough persona. With `value` it is fixed, sent to the app by the device and never asked for. */
export const passthroughHeaderSchema = z.strictObject({
  name: forwardableHeaderSchema,
  purpose: z.string().trim().max(200),
  required: z.boolean(),
  value: headerValueSchema.nullable(),
});
export type PassthroughHeader = z.infer<typeof passthroughHeaderSchema>;

const publicJwkSchema = z
  .looseObject({
    kty: z.enum(["RSA", "EC", "OKP"]),
    kid: z.string().max(200).optional(),
    alg: z.string().max(20).optional(),
  })
  .refine(
    (jwk) => ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].every((member) => !(member in jwk)),
    "This is a private key; only public keys belong here.",
  );

/** A JWK Set of public keys. */
export const jwksSchema = z.looseObject({ keys: z.array(publicJwkSchema).min(1).max(50) });
export type Jwks = z.infer<typeof jwksSchema>;

/** Where an issuer publishes its keys: https, since whoever could change them on the way could sign anything. */
const keyAddressSchema = z
  .url({ protocol: /^https$/u, error: "The address of the keys must begin with https." })
  .max(2_000)
  .refine((address) => {
    const url = URL.canParse(address) ? new URL(address) : null;
    return url === null || (url.username === "" && url.password === "" && url.hash === "");
  }, "The address must not hold a user name, a password or a fragment (#).");

/** How a token of a foreign issuer is verified. Null issuer: any; null audience: the passthrough endpoint's URL. */
export const jwtCheckSchema = z.strictObject({
  keys: z.discriminatedUnion("from", [
    z.strictObject({ from: z.literal("url"), url: keyAddressSchema }),
    z.strictObject({ from: z.literal("inline"), jwks: jwksSchema }),
  ]),
  issuer: z.string().trim().min(1).max(2_000).nullable(),
  audience: z.string().trim().min(1).max(2_000).nullable(),
});
export type JwtCheck = z.infer<typeof jwtCheckSchema>;

/** The way in for systems that manage their own authentication; `scopes` is what its callers may do. */
export const passthroughSchema = z
  .strictObject({
    headers: z.array(passthroughHeaderSchema).max(16),
    jwt: jwtCheckSchema.nullable(),
    scopes: scopesSchema,
  })
  .superRefine(({ headers, jwt }, context) => {
    const report = (message: string, path: PropertyKey[]) => context.addIssue({ code: "custom", message, path });
    const names = new Set(headers.map(({ name }) => name));
    if (names.size < headers.length) report("Two headers have the same name.", ["headers"]);
    const fixed = headers.findIndex(({ name, value }) => name === "authorization" && value !== null);
    if (fixed >= 0) report("A credential must not be a fixed value.", ["headers", fixed, "value"]);
    if (jwt === null && headers.every(({ value }) => value !== null)) {
      report("Without a token check, at least one header must be asked of the caller.", ["headers"]);
    }
  });
export type Passthrough = z.infer<typeof passthroughSchema>;
