import { verifySignInToken } from "@agent-personas/shared/oauth/sign-in-token";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import type { Identity } from "../../lib/identity.ts";
import { createDeviceKey } from "../../test-support/device-key.ts";
import { createPageRouter, isPageQuestion, type PageSender } from "./page-router.ts";

const ID = "abcdefghijklmnop";
const RELAY = "http://127.0.0.1:4310";
const UID = "Abc_def-0123456789xyz";
const OFFSET = 90_000;

const page: PageSender = {
  id: ID,
  origin: RELAY,
  url: `${RELAY}/sign-in/${UID}`,
  frameId: 0,
  inTab: true,
  documentLifecycle: "active",
};
const token = {
  signIn: "token",
  interaction: UID,
  clientId: "https://client.example/metadata.json",
  redirectUri: "http://127.0.0.1:33418/callback",
  nonce: "n".repeat(22),
};

/** Senders that are not the paired relay's sign-in page in a tab of its own. */
const STRANGERS: readonly [string, Partial<PageSender>][] = [
  ["another origin", { origin: "https://evil.example", url: `https://evil.example/sign-in/${UID}` }],
  [
    "another port of the relay's host",
    { origin: "http://127.0.0.1:4311", url: `http://127.0.0.1:4311/sign-in/${UID}` },
  ],
  ["another scheme", { origin: "https://127.0.0.1:4310", url: `https://127.0.0.1:4310/sign-in/${UID}` }],
  ["an address that only begins like the relay's", { origin: `${RELAY}.evil.example` }],
  ["an opaque origin at the relay's address", { origin: "null" }],
  ["a sender without an origin", { origin: undefined }],
  ["an origin that is not its address's", { url: `https://evil.example/sign-in/${UID}` }],
  ["a frame in the relay's page", { frameId: 3 }],
  ["a sender that names no frame", { frameId: undefined }],
  ["a sender outside of tabs", { inTab: false }],
  ["a page that nobody sees yet", { documentLifecycle: "prerender" }],
  ["another extension", { id: "ponmlkjihgfedcba" }],
  ["another page of the relay", { url: `${RELAY}/help` }],
  ["an address with the sign-in elsewhere in it", { url: `${RELAY}/p/sign-in/${UID}` }],
];

async function setUp(changes: Partial<Identity> | null = {}) {
  const { publicKey, privateKey } = await createDeviceKey();
  const deviceId = createId("device");
  const identity = changes === null ? null : { relayUrl: RELAY, deviceId, privateKey, clockOffset: OFFSET, ...changes };
  const route = createPageRouter({
    identity: { load: () => Promise.resolve(identity), keepClockOffset: () => Promise.resolve() },
    person: () => Promise.resolve("Ada"),
    ownId: ID,
    now: () => 1_700_000_000_000,
  });
  return { route, publicKey, deviceId };
}

test("names the person and signs for the sign-in of the page, by the relay's clock", async () => {
  const { route, publicKey, deviceId } = await setUp();
  expect(await route({ signIn: "person" }, page)).toEqual({ person: "Ada" });
  const answer = await route(token, page);
  expect(answer).toHaveProperty("token");
  const verified = await verifySignInToken("token" in answer ? answer.token : "", {
    publicKey,
    audience: RELAY,
    now: 1_700_000_000_000 + OFFSET,
    claims: {
      interaction: UID,
      client_id: token.clientId,
      redirect_uri: token.redirectUri,
      nonce: token.nonce,
    },
  });
  expect(verified.deviceId).toBe(deviceId);
});

test("goes on signing where a page of the same sign-in lies deeper", async () => {
  const { route } = await setUp();
  expect(await route(token, { ...page, url: `${RELAY}/sign-in/${UID}/key` })).toHaveProperty("token");
  expect(await route(token, { ...page, url: `${RELAY}/sign-in/${UID}-other` })).toEqual({ refused: true });
});

test.each(STRANGERS)("answers nothing to %s", async (_, changes) => {
  const { route } = await setUp();
  const stranger = { ...page, ...changes };
  expect(await route({ signIn: "person" }, stranger)).toEqual({ refused: true });
  expect(await route(token, stranger)).toEqual({ refused: true });
});

test("answers nobody while this browser is not paired", async () => {
  const { route } = await setUp(null);
  expect(await route({ signIn: "person" }, page)).toEqual({ refused: true });
  expect(await route(token, page)).toEqual({ refused: true });
});

test("signs for the paired relay only, so that a page of another one gets nothing", async () => {
  const { route } = await setUp({ relayUrl: "https://relay.example" });
  expect(await route(token, page)).toEqual({ refused: true });
});

test.each([
  ["another sign-in than the page's", { interaction: "Zzz_def-0123456789xyz" }],
  ["an interaction with a path in it", { interaction: "../../other/abcdef" }],
  ["no interaction", { interaction: undefined }],
  ["an empty client", { clientId: "" }],
  ["a client longer than any", { clientId: "c".repeat(2_001) }],
  ["an address that runs script", { redirectUri: "javascript:alert(1)" }],
  ["an address that is data", { redirectUri: "data:text/html,x" }],
  ["an address that is none", { redirectUri: "callback" }],
  ["a short nonce", { nonce: "short" }],
  ["a nonce that is not text", { nonce: 7 }],
  ["an audience of its own", { aud: "https://evil.example" }],
])("signs nothing for %s", async (_, changes) => {
  const { route } = await setUp();
  expect(await route({ ...token, ...changes }, page)).toEqual({ refused: true });
});

test("leaves commands to their own router", () => {
  expect(isPageQuestion({ signIn: "person" })).toBe(true);
  for (const message of [{ command: "status.get", input: {} }, null, "signIn", [], Object.create({ signIn: 1 })]) {
    expect(isPageQuestion(message)).toBe(false);
  }
});
