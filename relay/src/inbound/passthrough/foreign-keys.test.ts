import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { Network } from "../../http/outbound/pinned-request.ts";
import { createForeignIssuer } from "../../test-support/foreign-issuer.ts";
import { createForeignKeys } from "./foreign-keys.ts";

const PUBLIC = "93.184.215.14";
const SOURCE = { from: "url" as const, url: "https://login.example/keys" };
const MINUTE_MS = 60_000;

type Answer = { status: number; body: unknown; headers?: Record<string, string> };

/** An issuer's host: its name resolves as told, and whatever is dialled ends at the test's own server. */
async function startHost(answer: () => Answer | "down", addresses: readonly string[] = [PUBLIC]) {
  const seen = { asked: 0, dialled: [] as string[] };
  const server = createServer((_request, response) => {
    seen.asked += 1;
    const given = answer();
    if (given === "down") return void response.destroy();
    response.writeHead(given.status, given.headers ?? {});
    response.end(typeof given.body === "string" ? given.body : JSON.stringify(given.body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const clock = { now: Date.now() };
  const network: Network = {
    resolve: async () => addresses,
    dial: ({ address, port }) => {
      seen.dialled.push(`${address}:${port}`);
      return connect((server.address() as AddressInfo).port, "127.0.0.1");
    },
  };
  return {
    seen,
    clock,
    keys: createForeignKeys({ now: () => clock.now, network }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const header = (kid: string) => ({ alg: "RS256", kid });

test("keys are asked for once by everybody who waits, and kept for ten minutes", async () => {
  const issuer = await createForeignIssuer();
  await using host = await startHost(() => ({ status: 200, body: issuer.jwks }));
  await Promise.all(Array.from({ length: 20 }, () => host.keys(SOURCE, header("key-1"))));
  expect(host.seen).toEqual({ asked: 1, dialled: [`${PUBLIC}:443`] });
  host.clock.now += 9 * MINUTE_MS;
  await host.keys(SOURCE, header("key-1"));
  expect(host.seen.asked).toBe(1);
  host.clock.now += 2 * MINUTE_MS;
  await host.keys(SOURCE, header("key-1"));
  expect(host.seen.asked).toBe(2);
});

test("an unknown key id asks once more, then not again before the cooldown is over", async () => {
  const first = await createForeignIssuer({ kid: "old" });
  const second = await createForeignIssuer({ kid: "new" });
  let published = first.jwks;
  await using host = await startHost(() => ({ status: 200, body: published }));
  await host.keys(SOURCE, header("old"));
  published = second.jwks;
  for (let n = 0; n < 50; n += 1) {
    await expect(host.keys(SOURCE, header(`guess-${n}`))).rejects.toThrow("None of the issuer's keys");
  }
  expect(host.seen.asked).toBe(1);
  host.clock.now += 31_000;
  await host.keys(SOURCE, header("new"));
  expect(host.seen.asked).toBe(2);
  await expect(host.keys(SOURCE, header("old"))).rejects.toThrow("None of the issuer's keys");
  expect(host.seen.asked).toBe(2);
});

test("an issuer that is down is left alone for a while, and its last keys stand in for an hour at most", async () => {
  const issuer = await createForeignIssuer();
  let down = true;
  await using host = await startHost(() => (down ? "down" : { status: 200, body: issuer.jwks }));
  for (let n = 0; n < 20; n += 1) {
    await expect(host.keys(SOURCE, header("key-1"))).rejects.toThrow("cannot be reached");
  }
  expect(host.seen.asked).toBe(1);
  down = false;
  host.clock.now += 31_000;
  await host.keys(SOURCE, header("key-1"));
  expect(host.seen.asked).toBe(2);
  down = true;
  host.clock.now += 50 * MINUTE_MS;
  await host.keys(SOURCE, header("key-1"));
  expect(host.seen.asked).toBe(3);
  host.clock.now += 11 * MINUTE_MS;
  await expect(host.keys(SOURCE, header("key-1"))).rejects.toThrow("cannot be reached");
});

test.each([
  ["a redirect", { status: 302, body: "", headers: { location: "http://169.254.169.254/keys" } }, "HTTP 302"],
  ["a failure", { status: 503, body: "" }, "HTTP 503"],
  ["something else", { status: 200, body: "<html>" }, "JWK Set"],
  ["a private key", { status: 200, body: { keys: [{ kty: "RSA", n: "AQ", e: "AQAB", d: "AQ" }] } }, "JWK Set"],
  ["a shared secret", { status: 200, body: { keys: [{ kty: "oct", k: "c2VjcmV0" }] } }, "JWK Set"],
  ["too much", { status: 200, body: "x".repeat(200_000) }, "cannot be reached"],
])("an address that answers with %s gives no key, and nothing else is asked", async (_name, answer, said) => {
  await using host = await startHost(() => answer);
  await expect(host.keys(SOURCE, header("key-1"))).rejects.toThrow(said);
  expect(host.seen).toEqual({ asked: 1, dialled: [`${PUBLIC}:443`] });
});

test.each(["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1"])(
  "a name that leads to %s is refused before any connection, also among public addresses",
  async (address) => {
    await using host = await startHost(() => ({ status: 200, body: {} }), [PUBLIC, address]);
    await expect(host.keys(SOURCE, header("key-1"))).rejects.toThrow("is not a public one");
    expect(host.seen).toEqual({ asked: 0, dialled: [] });
  },
);

test("one host is asked a few times a minute, however many addresses on it are tried", async () => {
  await using host = await startHost(() => ({ status: 404, body: "" }));
  for (let n = 0; n < 40; n += 1) {
    await expect(host.keys({ from: "url", url: `https://login.example/keys/${n}` }, header("key-1"))).rejects.toThrow(
      n < 20 ? "HTTP 404" : "too often",
    );
  }
  expect(host.seen.asked).toBe(20);
});

const others = (n: number) => ({ from: "url" as const, url: `https://login.example/other/${n}` });

test("addresses that work are kept side by side, and whoever tries others on their host takes nothing from them", async () => {
  const issuer = await createForeignIssuer();
  const answers = { status: 200, body: issuer.jwks as unknown };
  await using host = await startHost(() => answers);
  for (const source of [SOURCE, others(0), SOURCE, others(0)]) await host.keys(source, header("key-1"));
  expect(host.seen.asked).toBe(2);
  host.clock.now += 11 * MINUTE_MS;
  answers.status = 404;
  for (let n = 1; n <= 25; n += 1) await host.keys(others(n), header("key-1")).catch(() => undefined);
  expect(host.seen.asked).toBe(22);
  answers.status = 200;
  await host.keys(SOURCE, header("key-1"));
  expect(host.seen.asked).toBe(23);
});

test("of several keys that fit none is guessed", async () => {
  const [one, other] = await Promise.all([createForeignIssuer({ kid: "one" }), createForeignIssuer({ kid: "two" })]);
  const jwks = { keys: [...one.jwks.keys, ...other.jwks.keys] };
  const keys = createForeignKeys({ now: Date.now });
  await expect(keys({ from: "inline", jwks }, { alg: "RS256" })).rejects.toThrow("names none of them");
  await keys({ from: "inline", jwks }, header("two"));
});
