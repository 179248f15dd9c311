import { jwtCheckSchema, type JwtCheck, type Passthrough } from "@agent-personas/shared/persona/passthrough";
import { scopeSchema } from "@agent-personas/shared/persona/scope";
import { z } from "zod";

export const HEADER_KINDS = ["required", "optional", "fixed"] as const;

const headerDraftSchema = z.strictObject({
  name: z.string().max(1_000),
  purpose: z.string().max(1_000),
  kind: z.enum(HEADER_KINDS),
  /** Of a fixed header. */
  value: z.string().max(20_000),
});
export type HeaderDraft = z.infer<typeof headerDraftSchema>;

const tokenDraftSchema = z.strictObject({
  /** Off keeps what was typed. */
  on: z.boolean(),
  from: z.enum(["url", "inline"]),
  url: z.string().max(5_000),
  jwks: z.string().max(200_000),
  issuer: z.string().max(5_000),
  audience: z.string().max(5_000),
});
export type TokenDraft = z.infer<typeof tokenDraftSchema>;

/** Passthrough while it is typed: shaped like `Passthrough`, but nothing need be right yet. */
export const passthroughDraftSchema = z.strictObject({
  headers: z.array(headerDraftSchema).max(16),
  token: tokenDraftSchema,
  scopes: z.array(scopeSchema).max(3),
});
export type PassthroughDraft = z.infer<typeof passthroughDraftSchema>;

export const MAX_FORWARDED_HEADERS = 16;

/** The safe start: callers prove who they are, may only read, and nothing is passed on. */
export const emptyPassthrough = (): PassthroughDraft => ({
  headers: [],
  token: { on: true, from: "url", url: "", jwks: "", issuer: "", audience: "" },
  scopes: ["read"],
});

export function draftOfPassthrough({ headers, jwt, scopes }: Passthrough): PassthroughDraft {
  const { token } = emptyPassthrough();
  return {
    headers: headers.map(({ name, purpose, required, value }) => ({
      name,
      purpose,
      kind: value !== null ? "fixed" : required ? "required" : "optional",
      value: value ?? "",
    })),
    token: jwt === null ? { ...token, on: false } : { ...token, ...draftOfCheck(jwt) },
    scopes: [...scopes],
  };
}

const draftOfCheck = ({ keys, issuer, audience }: JwtCheck): Partial<TokenDraft> => ({
  ...(keys.from === "url"
    ? { from: "url", url: keys.url }
    : { from: "inline", jwks: JSON.stringify(keys.jwks, null, 2) }),
  issuer: issuer ?? "",
  audience: audience ?? "",
});

/** What saving sends; the schema of the persona judges it. */
export const toPassthrough = ({ headers, token, scopes }: PassthroughDraft) => ({
  headers: headers.map(({ name, purpose, kind, value }) => ({
    name,
    purpose,
    // Without a token every header must be there.
    required: kind !== "optional" || !token.on,
    value: kind === "fixed" ? value : null,
  })),
  jwt: token.on ? checkOf(token) : null,
  scopes,
});

/** The check to try a token with; null while something typed is not valid. */
export function toJwtCheck(token: TokenDraft): JwtCheck | null {
  const parsed = jwtCheckSchema.safeParse(checkOf(token));
  return parsed.success ? parsed.data : null;
}

const checkOf = ({ from, url, jwks, issuer, audience }: TokenDraft) => ({
  keys: from === "url" ? { from, url: url.trim() } : { from, jwks: readJwks(jwks) },
  issuer: orNull(issuer),
  audience: orNull(audience),
});

const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());

/** Pasted keys: a JWK Set, or a single key, which is a set of one. */
export function readJwks(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "kty" in value ? { keys: [value] } : value;
  } catch {
    return null;
  }
}
