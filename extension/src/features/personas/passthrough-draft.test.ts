import { passthroughSchema, type Passthrough } from "@agent-personas/shared/persona/passthrough";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { setForwarding, toPersonaDraft } from "./draft-state.ts";
import { stepProblems } from "./draft-problems.ts";
import {
  draftOfPassthrough,
  emptyPassthrough,
  toJwtCheck,
  toPassthrough,
  type HeaderDraft,
} from "./passthrough-draft.ts";
import { emptyDraft, type WizardDraft } from "./wizard-draft.ts";

const slotId = createId("slot");
const key = { kty: "EC", crv: "P-256", x: "x", y: "y" };
const header = (name: string, changes: Partial<HeaderDraft> = {}): HeaderDraft => ({
  name,
  purpose: "",
  kind: "required",
  value: "",
  ...changes,
});

const passing = {
  ...emptyPassthrough(),
  token: { ...emptyPassthrough().token, url: "https://login.example/jwks.json" },
};

function draftWith(passthrough: NonNullable<WizardDraft["inbound"]["passthrough"]>, forwarding = true): WizardDraft {
  const draft: WizardDraft = {
    ...emptyDraft(),
    name: "Reports",
    inbound: { accessKeys: false, interactive: false, passthrough },
    slots: [{ slotId, appId: "app_1", connectionId: "connection_1", prefix: "GitLab" }],
    tools: [{ slotId, originalName: "read", riskClass: "read", overrides: {} }],
  };
  return setForwarding(draft, slotId, forwarding);
}

const problemsOf = (draft: WizardDraft) =>
  stepProblems(draft, "inbound", []).map(({ code, ...rest }) => ("index" in rest ? `${rest.index} ${code}` : code));
const withHeaders = (...headers: HeaderDraft[]) => problemsOf(draftWith({ ...passing, headers }));
const withToken = (changes: Partial<typeof passing.token>) =>
  problemsOf(draftWith({ ...passing, token: { ...passing.token, ...changes } }));

test("passthrough alone is a way in, and starts with a token check, reading only, and no app", () => {
  expect(problemsOf(draftWith(passing))).toEqual([]);
  expect(problemsOf(draftWith(emptyPassthrough(), false))).toEqual(["keysUrl", "noForwardingApp"]);
  expect(emptyPassthrough()).toMatchObject({ headers: [], token: { on: true }, scopes: ["read"] });
});

test("what was saved comes back to be edited, and saves the same", () => {
  const saved: Passthrough = {
    headers: [
      { name: "x-key", purpose: "API key", required: true, value: null },
      { name: "x-trace", purpose: "", required: false, value: null },
      { name: "x-tenant", purpose: "", required: true, value: "acme" },
    ],
    jwt: { keys: { from: "inline", jwks: { keys: [{ kty: "EC", kid: "1" }] } }, issuer: "https://i", audience: null },
    scopes: ["read", "write"],
  };
  expect(passthroughSchema.parse(toPassthrough(draftOfPassthrough(saved)))).toEqual(saved);
});

test("header names are judged one by one, whatever their case", () => {
  expect(withHeaders(header(""), header("x key"), header("X-Key"), header("x-key"))).toEqual([
    "0 headerName",
    "1 headerName",
    "3 headerRepeated",
  ]);
  const never = [
    "Cookie",
    "Host",
    "Origin",
    "X-Forwarded-For",
    "Mcp-Session-Id",
    "traceparent",
    "Content-Type",
    "Accept",
  ];
  expect(withHeaders(...never.map((name) => header(name)))).toEqual(never.map((_, index) => `${index} headerNever`));
});

test("a fixed value is on one line and never a credential", () => {
  const fixed = { kind: "fixed" as const };
  expect(withHeaders(header("x-tenant", { ...fixed, value: "acme" }))).toEqual([]);
  expect(withHeaders(header("x-tenant", fixed), header("x-b", { ...fixed, value: "a\nb" }))).toEqual([
    "0 headerValue",
    "1 headerValue",
  ]);
  expect(withHeaders(header("Authorization", { ...fixed, value: "Bearer x" }))).toEqual(["0 headerCredential"]);
});

test("without a token check a header must be asked of callers, and all of them are required", () => {
  const open = { ...passing, token: { ...passing.token, on: false } };
  expect(problemsOf(draftWith(open))).toEqual(["noAskedHeader"]);
  const headers = [header("x-key", { kind: "optional" })];
  expect(problemsOf(draftWith({ ...open, headers }))).toEqual([]);
  expect(toPassthrough({ ...open, headers })).toMatchObject({ jwt: null, headers: [{ required: true }] });
});

test("keys come from a public https address, or are public keys", () => {
  expect(withToken({ url: "login.example" })).toEqual(["keysUrl"]);
  expect(withToken({ url: "http://login.example/keys" })).toEqual(["keysUrl"]);
  expect(withToken({ url: "https://10.0.0.1/keys" })).toEqual(["keysUrlPrivate"]);
  expect(withToken({ url: "https://localhost/keys" })).toEqual(["keysUrlPrivate"]);
  expect(withToken({ from: "inline", jwks: "{" })).toEqual(["keysForm"]);
  expect(withToken({ from: "inline", jwks: '{"keys":[]}' })).toEqual(["keysForm"]);
  expect(withToken({ from: "inline", jwks: JSON.stringify({ keys: [{ ...key, d: "x" }] }) })).toEqual(["keysSecret"]);
  expect(withToken({ from: "inline", jwks: JSON.stringify({ keys: [{ kty: "oct", k: "x" }] }) })).toEqual([
    "keysSecret",
  ]);
  expect(withToken({ from: "inline", jwks: JSON.stringify(key) })).toEqual([]);
});

test("a token is tried with what is typed once that is valid", () => {
  expect(toJwtCheck(emptyPassthrough().token)).toBeNull();
  expect(toJwtCheck({ ...passing.token, issuer: " https://i " })).toEqual({
    keys: { from: "url", url: "https://login.example/jwks.json" },
    issuer: "https://i",
    audience: null,
  });
});

test("nobody may do nothing", () => {
  expect(problemsOf(draftWith({ ...passing, scopes: [] }))).toEqual(["noScope"]);
});

test("switching passthrough off takes the marks of apps with it", () => {
  const on = draftWith({ ...passing, headers: [header("X-Key")] });
  expect(toPersonaDraft(on)).toMatchObject({
    inbound: { passthrough: { headers: [{ name: "x-key", value: null }] } },
    slots: [{ usesForwardedHeaders: true }],
  });
  const off = toPersonaDraft({ ...on, inbound: { accessKeys: true, interactive: false } });
  expect(off?.inbound).toEqual({ accessKeys: true, interactive: false });
  expect(off?.slots[0]).not.toHaveProperty("usesForwardedHeaders");
});
