import { expect, test } from "vitest";
import { appSignInSchema } from "../../../lib/app-sign-in.ts";
import {
  draftOf,
  fieldOfFault,
  providerOrigins,
  readIssuer,
  toSignIn,
  wrongFields,
  type SignInDraft,
} from "./sign-in-fields.ts";

const draft = (changes: Partial<SignInDraft> = {}): SignInDraft => ({ ...draftOf({}), ...changes });
const wrong = (changes: Partial<SignInDraft>, needsClient = false) => [...wrongFields(draft(changes), needsClient)];

test("the way in use is chosen, with what may be known of it", () => {
  expect(draftOf({}).kind).toBe("authorization_code");
  expect(draftOf({ signIn: { kind: "client_credentials" } }).kind).toBe("client_credentials");
  const signIn = { kind: "enterprise_managed", issuer: "https://login.example", clientId: "personas" } as const;
  expect(draftOf({ signIn })).toMatchObject({
    kind: "enterprise_managed",
    issuer: "https://login.example",
    providerClientId: "personas",
    providerSecret: "",
  });
});

test("an account needs no client, unless the app refused to register this extension or a secret was entered", () => {
  expect(wrong({})).toEqual([]);
  expect(wrong({}, true)).toEqual(["clientId"]);
  expect(wrong({ clientId: "  ", clientSecret: "s" })).toEqual(["clientId"]);
  expect(wrong({ clientId: "mine", clientSecret: "s" }, true)).toEqual([]);
});

test("an application needs a client and the proof that was chosen", () => {
  const kind = "client_credentials";
  expect(wrong({ kind })).toEqual(["clientId", "clientSecret"]);
  expect(wrong({ kind, proof: "key", clientId: "job", clientSecret: "s" })).toEqual(["privateKey"]);
  expect(wrong({ kind, clientId: "job", clientSecret: "s" })).toEqual([]);
  expect(wrong({ kind, proof: "key", clientId: "job", privateKey: "k" })).toEqual([]);
});

test("an organisation needs its identity provider and the client there", () => {
  const kind = "enterprise_managed";
  expect(wrong({ kind })).toEqual(["issuer", "providerClientId"]);
  expect(wrong({ kind, issuer: "https://login.example", providerClientId: "personas" })).toEqual([]);
  expect(wrong({ kind, issuer: "login.example", providerClientId: "p" }, true)).toEqual(["clientId"]);
});

test("only what belongs to the chosen way is sent, in the command's form", () => {
  const all = draft({
    clientId: " mine ",
    clientSecret: "secret",
    privateKey: "\nkey\n",
    issuer: " login.example ",
    providerClientId: " personas ",
    providerSecret: "other",
  });
  const sent = (changes: Partial<SignInDraft>) => appSignInSchema.parse(toSignIn({ ...all, ...changes }));
  expect(sent({})).toEqual({
    kind: "authorization_code",
    client: { clientId: "mine", clientSecret: "secret" },
  });
  expect(sent({ clientId: "", clientSecret: "" })).toEqual({ kind: "authorization_code", client: null });
  expect(sent({ kind: "client_credentials" })).toEqual({
    kind: "client_credentials",
    client: { clientId: "mine", clientSecret: "secret" },
  });
  expect(sent({ kind: "client_credentials", proof: "key" })).toEqual({
    kind: "client_credentials",
    client: { clientId: "mine", privateKey: "key" },
  });
  expect(sent({ kind: "enterprise_managed", clientId: "", clientSecret: "" })).toEqual({
    kind: "enterprise_managed",
    provider: { issuer: "https://login.example", clientId: "personas", clientSecret: "other" },
    client: null,
  });
});

test.each([
  ["https://login.example/tenant/", "https://login.example/tenant/"],
  [" login.example ", "https://login.example"],
  ["http://127.0.0.1:9000", "http://127.0.0.1:9000"],
  ["http://login.example", null],
  ["ftp://login.example", null],
  ["https://ada@login.example", null],
  ["https://login.example?tenant=1", null],
  ["https://login.example#", null],
  ["my company", null],
  ["https://", null],
  ["", null],
])("an issuer address of %j is read as %j", (typed, issuer) => {
  expect(readIssuer(typed)).toBe(issuer);
});

test("the browser is asked for the provider's origin; without a provider for none", () => {
  expect(providerOrigins("https://login.example/tenant")).toEqual(["https://login.example"]);
  expect(providerOrigins(null)).toEqual([]);
});

test("a fault of a key or an address belongs to its field", () => {
  expect(fieldOfFault("client_key_invalid")).toBe("privateKey");
  expect(fieldOfFault("provider_url_forbidden")).toBe("issuer");
  expect(fieldOfFault("connect_failed")).toBeNull();
});
