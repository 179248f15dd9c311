import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import { openDatabase } from "../db/database.ts";
import { memorySessionStore } from "../test-support/memory-session-store.ts";
import { createVault } from "../vault/vault.ts";
import { isFresh, tokenRecordSchema, tokenSecretId, type TokenRecord } from "./oauth/token-record.ts";
import { createTokenSource, type TokenOwner } from "./refresh.ts";
import { locks, REDIRECT_URL } from "./test-support/set-up.ts";

const SECOND = 1_000;

const record = (accessToken: string, more: Partial<TokenRecord> = {}): TokenRecord => ({
  context: {
    server: {
      issuer: "https://auth.example.com",
      authorizationEndpoint: "https://auth.example.com/authorize",
      tokenEndpoint: "https://auth.example.com/token",
      registrationEndpoint: null,
      revocationEndpoint: null,
      authMethods: ["none"],
      scopes: [],
      sendsIssuer: false,
    },
    client: { clientId: "c", clientSecret: null, authMethod: "none", redirectUri: REDIRECT_URL, origin: "registered" },
    resource: "https://mcp.example.com/mcp",
    scope: null,
  },
  accessToken,
  refreshToken: `refresh of ${accessToken}`,
  grantedScope: null,
  obtainedAt: 0,
  expiresAt: 3_600 * SECOND,
  ...more,
});

/** A token source whose clock and token endpoint the test holds; `answer` may do something else meanwhile. */
async function setUp(stored: TokenRecord, answer: (scene: Scene) => Response | Promise<Response>) {
  const vault = createVault({
    database: openDatabase(`refresh-${crypto.randomUUID()}`),
    sessionStorage: memorySessionStore(),
  });
  const owner: TokenOwner = {
    connectionId: crypto.randomUUID(),
    appName: "App",
    appUrl: "https://mcp.example.com/mcp",
  };
  const id = tokenSecretId(owner.connectionId);
  const scene: Scene = {
    now: 0,
    asked: [],
    silent: 0,
    write: async (next) => void (await vault.write(id, next)),
    stored: async () => (await vault.read(id, tokenRecordSchema))?.value.accessToken,
  };
  await scene.write(stored);
  const tokens = createTokenSource({
    vault,
    locks,
    now: () => scene.now,
    fetchFor: () => async (_url, init) => {
      const body = init?.body instanceof URLSearchParams ? init.body : new URLSearchParams();
      scene.asked.push(body.get("refresh_token") ?? "");
      return answer(scene);
    },
    authorizeSilently() {
      scene.silent += 1;
      return Promise.reject(new Error("User interaction required."));
    },
  });
  return { scene, tokens, owner };
}

type Scene = {
  now: number;
  asked: string[];
  silent: number;
  write: (next: TokenRecord) => Promise<void>;
  stored: () => Promise<string | undefined>;
};

const granted = (accessToken: string): Response =>
  Response.json({ access_token: accessToken, token_type: "bearer", expires_in: 3_600, refresh_token: "next" });
const refused = (): Response => Response.json({ error: "invalid_grant" }, { status: 400 });

test("a token is renewed a minute before its end, and one of five seconds a second before", () => {
  const hour = record("t");
  expect(isFresh(hour, 3_539 * SECOND)).toBe(true);
  expect(isFresh(hour, 3_541 * SECOND)).toBe(false);
  const short = record("t", { expiresAt: 5 * SECOND });
  expect(isFresh(short, 3_900)).toBe(true);
  expect(isFresh(short, 4_100)).toBe(false);
  expect(isFresh(record("t", { expiresAt: null }), Number.MAX_SAFE_INTEGER)).toBe(true);
});

test("what another context wrote while we refreshed is not overwritten", async () => {
  const { scene, tokens, owner } = await setUp(record("old"), async (other) => {
    await other.write(record("theirs", { obtainedAt: 3_600 * SECOND, expiresAt: 7_200 * SECOND }));
    return granted("ours");
  });
  scene.now = 3_600 * SECOND;
  expect(await tokens.current(owner)).toBe("theirs");
  expect(await scene.stored()).toBe("theirs");
});

test("a refused refresh looks at the store again before anything else is tried", async () => {
  const { scene, tokens, owner } = await setUp(record("old"), async (other) => {
    await other.write(record("theirs", { obtainedAt: 3_600 * SECOND, expiresAt: 7_200 * SECOND }));
    return refused();
  });
  scene.now = 3_600 * SECOND;
  expect(await tokens.current(owner)).toBe("theirs");
  expect(scene.silent).toBe(0);
});

test("while the token still holds, an authorization server in trouble is no reason to fail", async () => {
  const { scene, tokens, owner } = await setUp(record("old"), () => new Response(null, { status: 502 }));
  scene.now = 3_590 * SECOND;
  expect(await tokens.current(owner)).toBe("old");
  scene.now = 3_601 * SECOND;
  await expect(tokens.current(owner)).rejects.toMatchObject({ code: "app_unreachable" });
  expect(await scene.stored()).toBe("old");
  expect(scene.silent).toBe(0);
});

test("a rotated refresh token is the next one used; one that is not rotated is kept", async () => {
  const answers = [granted("second"), Response.json({ access_token: "third", token_type: "Bearer", expires_in: 60 })];
  const { tokens, owner, scene } = await setUp(record("first"), () => answers.shift() ?? granted("fourth"));
  expect(await tokens.afterRejection(owner, "first")).toBe("second");
  expect(await tokens.afterRejection(owner, "second")).toBe("third");
  expect(await tokens.afterRejection(owner, "third")).toBe("fourth");
  expect(scene.asked).toEqual(["refresh of first", "next", "next"]);
});

test("a caller whose rejected token is already replaced gets the new one without a refresh", async () => {
  const { tokens, owner, scene } = await setUp(record("new"), () => granted("unneeded"));
  expect(await tokens.afterRejection(owner, "old")).toBe("new");
  expect(scene.asked).toEqual([]);
});

test("giving up lasts half a minute, or until someone signs in", async () => {
  const { scene, tokens, owner } = await setUp(record("old"), refused);
  scene.now = 3_600 * SECOND;
  for (const _ of [1, 2]) await expect(tokens.current(owner)).rejects.toMatchObject({ code: "app_needs_sign_in" });
  expect(scene.silent).toBe(1);
  scene.now += 31 * SECOND;
  await expect(tokens.current(owner)).rejects.toMatchObject({ code: "app_needs_sign_in" });
  expect(scene.silent).toBe(2);
  await scene.write(record("signed in", { obtainedAt: scene.now, expiresAt: scene.now + 60 * SECOND }));
  expect(await tokens.current(owner)).toBe("signed in");
});

test.each([
  ["its token still holds", 3_590, { status: "fulfilled", value: "old" }],
  ["its token is over", 3_601, { status: "rejected", reason: { code: "app_unreachable" } }],
])("a server that hangs is waited for once by all who call then, if %s", async (_what, second, outcome) => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const { scene, tokens, owner } = await setUp(record("old"), () => promise);
  // So that all of them know it has ended, in the same breath.
  await tokens.current(owner);
  scene.now = second * SECOND;
  const together = Promise.allSettled(Array.from({ length: 5 }, () => tokens.current(owner)));
  await vi.waitFor(() => expect(scene.asked).toHaveLength(1));
  resolve(new Response(null, { status: 502 }));
  expect(await together).toMatchObject(Array.from({ length: 5 }, () => outcome));
  expect(scene.asked).toHaveLength(1);
});
