import { expect, test } from "vitest";
import { forwardableHeaderSchema, headerValueSchema, jwksSchema, passthroughSchema } from "./passthrough.ts";

const header = (name: string, value: string | null = null) => ({ name, purpose: "", required: true, value });
const key = { kty: "RSA", n: "AQAB", e: "AQAB", kid: "one" };
const check = { keys: { from: "inline", jwks: { keys: [key] } }, issuer: null, audience: null };
const accepts = (change: Record<string, unknown>): boolean =>
  passthroughSchema.safeParse({ headers: [header("x-api-key")], jwt: check, scopes: ["read"], ...change }).success;
const accepted = (one: Record<string, unknown>): boolean => jwksSchema.safeParse({ keys: [one] }).success;

test("names of headers are taken in lower case", () => {
  expect(forwardableHeaderSchema.parse(" X-Api-Key ")).toBe("x-api-key");
  expect(forwardableHeaderSchema.parse("Authorization")).toBe("authorization");
});

test.each(
  `Connection Keep-Alive TE Trailer Transfer-Encoding Upgrade Proxy-Authorization Proxy-Connection Cookie Set-Cookie
   Host Origin Referer User-Agent Accept Accept-Encoding Accept-Language Content-Length Content-Type Sec-Fetch-Mode
   Forwarded X-Forwarded-For X-Forwarded-Host X-Real-IP Via Mcp-Session-Id Mcp-Protocol-Version Mcp-Method Last-Event-ID
   traceparent tracestate baggage X-HTTP-Method-Override`.split(/\s+/u),
)("%s can never be listed, in whatever case", (name) => {
  for (const spelled of [name, name.toLowerCase(), name.toUpperCase()]) {
    expect(accepts({ headers: [header("x-api-key"), header(spelled)] })).toBe(false);
  }
});

test.each(["", "x y", "x:y", "x\r\ny", "é", "x".repeat(101)])("%j is not the name of a header", (name) => {
  expect(forwardableHeaderSchema.safeParse(name).success).toBe(false);
});

test.each(["", "a\r\nb: c", "a\u0000", "€", "x".repeat(8_001)])(
  "a value that HTTP cannot carry is refused",
  (value) => {
    expect(headerValueSchema.safeParse(value).success).toBe(false);
  },
);

test("no header is listed twice, no credential is fixed, and without a token something must be asked for", () => {
  expect(accepts({})).toBe(true);
  expect(accepts({ headers: [header("x-api-key"), header("X-API-KEY")] })).toBe(false);
  expect(accepts({ headers: [header("authorization", "Bearer x")] })).toBe(false);
  expect(accepts({ headers: [] })).toBe(true);
  expect(accepts({ headers: [], jwt: null })).toBe(false);
  expect(accepts({ headers: [header("x-tenant", "one")], jwt: null })).toBe(false);
  expect(accepts({ jwt: null })).toBe(true);
});

test("only public keys are keys of an issuer", () => {
  expect(accepted(key)).toBe(true);
  for (const member of ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]) {
    expect([member, accepted({ ...key, [member]: "AQAB" })]).toEqual([member, false]);
  }
  expect(accepted({ kty: "oct", k: "c2VjcmV0" })).toBe(false);
  expect(jwksSchema.safeParse({ keys: [] }).success).toBe(false);
});

test.each([
  ["https://login.example/keys", true],
  ["http://login.example/keys", false],
  ["https://ada:secret@login.example/keys", false],
  ["https://login.example/keys#one", false],
  ["file:///keys", false],
  ["login.example/keys", false],
])("keys from %s: %s", (url, allowed) => {
  expect(accepts({ jwt: { ...check, keys: { from: "url", url } } })).toBe(allowed);
});
