import fc from "fast-check";
import { EncryptJWT } from "jose";
import { expect, test } from "vitest";
import {
  openState,
  sealState,
  SEALED_LENGTH,
  STATE_BYTES,
  STATE_LIFETIME_MS,
  type StateScope,
} from "./sealed-state.ts";

const now = 1_790_000_000_000;
const key = { id: "k1", secret: crypto.getRandomValues(new Uint8Array(32)) };
const scope: StateScope = {
  personaId: "persona_a",
  principal: { kind: "grant", id: "grant_1" },
  method: "tools/call",
  params: { name: "Slack_post", arguments: { text: "hi", to: ["a", "b"] }, _meta: { progressToken: 1 } },
};
const refused = expect.objectContaining({ code: "invalid_request" });

test("any state comes back to the request it was sealed for", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), fc.nat(STATE_LIFETIME_MS - 1_000), async (state, later) => {
      const opened = await openState(await sealState(state, scope, key, now), scope, [key], now + later);
      expect(opened.state).toEqual(JSON.parse(JSON.stringify(state)));
      expect(opened.expiresAt).toBe(now + STATE_LIFETIME_MS);
    }),
    { numRuns: 60 },
  );
});

test("a retry with answers, other metadata and members in another order is the same request", async () => {
  const sealed = await sealState({ step: 1 }, scope, key, now);
  const params = {
    arguments: { to: ["a", "b"], text: "hi" },
    name: "Slack_post",
    requestState: sealed,
    inputResponses: { q: { action: "accept" } },
    _meta: { progressToken: 2, traceparent: "00-1" },
  };
  expect((await openState(sealed, { ...scope, params }, [key], now)).state).toEqual({ step: 1 });
});

test("no other persona, caller, method, tool or argument opens it", async () => {
  const sealed = await sealState("secret", scope, key, now);
  const others: Partial<StateScope>[] = [
    { personaId: "persona_b" },
    { principal: { kind: "grant", id: "grant_2" } },
    { principal: { kind: "key", id: "grant_1" } },
    { principal: { kind: 'grant","grant_1', id: "" } },
    { method: "prompts/get" },
    { params: { ...scope.params, name: "Slack_delete" } },
    { params: { ...scope.params, arguments: { text: "hi", to: ["a"] } } },
    { params: { name: "Slack_post" } },
    { params: { ...scope.params, extra: 1 } },
  ];
  for (const other of others) {
    await expect(openState(sealed, { ...scope, ...other }, [key], now), JSON.stringify(other)).rejects.toEqual(refused);
  }
});

test("any change of one character is noticed", async () => {
  const sealed = await sealState({ step: 1 }, scope, key, now);
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), fc.constantFrom("A", "b", "9", "-", ".", ""), async (at, put) => {
      // The lowest bits of a part's last character carry nothing.
      fc.pre(sealed[at] !== put && sealed[at + 1] !== "." && at + 1 < sealed.length);
      const changed = sealed.slice(0, at) + put + sealed.slice(at + 1);
      await expect(openState(changed, scope, [key], now)).rejects.toEqual(refused);
    }),
    { numRuns: 300 },
  );
});

test("it lives for at most ten minutes on any node and not before it was made", async () => {
  const sealed = await sealState(1, scope, key, now);
  expect((await openState(sealed, scope, [key], now - 4_000)).state).toBe(1);
  expect((await openState(sealed, scope, [key], now + STATE_LIFETIME_MS - 1)).state).toBe(1);
  await expect(openState(sealed, scope, [key], now + 10 * 60_000)).rejects.toEqual(refused);
  await expect(openState(sealed, scope, [key], now - 60_000)).rejects.toEqual(refused);
});

test("a longer life than ours is refused even from the right key", async () => {
  const made = (issued: number) =>
    new EncryptJWT({ req: "x", state: 1 })
      .setProtectedHeader({ alg: "dir", enc: "A256GCM", typ: "ap-state+jwt", kid: "k1" })
      .setAudience(scope.personaId)
      .setSubject(JSON.stringify(["grant", "grant_1"]))
      .setJti("state_1")
      .setIssuedAt(new Date(issued))
      .setExpirationTime("1 year")
      .encrypt(key.secret);
  await expect(openState(await made(now), scope, [key], now)).rejects.toEqual(refused);
  await expect(openState(await made(now - 2 * STATE_LIFETIME_MS), scope, [key], now)).rejects.toEqual(refused);
});

test("it opens with an older key while that is kept, and with no other", async () => {
  const next = { id: "k2", secret: crypto.getRandomValues(new Uint8Array(32)) };
  const sealed = await sealState(1, scope, key, now);
  expect((await openState(sealed, scope, [next, key], now)).state).toBe(1);
  await expect(openState(sealed, scope, [next], now)).rejects.toEqual(refused);
  await expect(openState(sealed, scope, [{ ...next, id: "k1" }], now)).rejects.toEqual(refused);
  await expect(openState(sealed, scope, [], now)).rejects.toEqual(refused);
});

test("the state is not readable, and each sealing is another text with another id", async () => {
  const [one, two] = [await sealState("canary-7f", scope, key, now), await sealState("canary-7f", scope, key, now)];
  expect(one.split(".").map(decoded).join()).not.toContain("canary");
  expect(one).not.toBe(two);
  const [first, second] = [await openState(one, scope, [key], now), await openState(two, scope, [key], now)];
  expect(first.id).not.toBe(second.id);
});

test("the longest state passes; a longer one, a longer text and anything but text are refused", async () => {
  const longest = await sealState("x".repeat(STATE_BYTES - 2), scope, key, now);
  expect(longest.length).toBeLessThanOrEqual(SEALED_LENGTH);
  expect((await openState(longest, scope, [key], now)).state).toHaveLength(STATE_BYTES - 2);
  await expect(sealState("ü".repeat(STATE_BYTES / 2), scope, key, now)).rejects.toMatchObject({
    code: "result_too_large",
  });
  const odd: unknown[] = [undefined, null, 7, {}, "", "a", "a.b.c.d.e", "x".repeat(SEALED_LENGTH + 1)];
  for (const sealed of odd) await expect(openState(sealed, scope, [key], now)).rejects.toEqual(refused);
});

function decoded(part: string): string {
  return atob(part.replaceAll("-", "+").replaceAll("_", "/"));
}
