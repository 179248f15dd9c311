import { createDocumentFetcher } from "@agent-personas/relay/oauth/client-documents/fetch-document";
import { connect, createServer, type Socket } from "node:net";
import { decodeProtectedHeader } from "jose";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { startWorld, type World } from "../support/oauth-world.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

afterEach(() => void vi.useRealTimers());

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string() })) });
const kids = async (world: World): Promise<string[]> =>
  jwksSchema.parse(await (await fetch(world.metadata.jwks_uri)).json()).keys.map(({ kid }) => kid);

test("A15 the next key is published a day before it signs, and the old one stays as long as its tokens live", async () => {
  const start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  await using world = await startWorld();
  const move = (milliseconds: number): void => {
    world.clock.now = start + milliseconds;
    vi.setSystemTime(world.clock.now);
  };
  const [first = ""] = await kids(world);
  move(89 * DAY_MS + HOUR_MS);
  const both = await kids(world);
  expect(both).toHaveLength(2);
  expect(both).toContain(first);
  move(90 * DAY_MS + HOUR_MS / 2);
  const { access_token: old } = await world.tokens(await world.client());
  expect(decodeProtectedHeader(old).kid).toBe(first);
  move(90 * DAY_MS + 1.25 * HOUR_MS);
  const { access_token: recent } = await world.tokens(await world.client());
  expect(decodeProtectedHeader(recent).kid).toBe(both.find((kid) => kid !== first));
  for (const token of [old, recent]) expect((await world.list(token)).status).toBe(200);
  move(91 * DAY_MS);
  expect(await kids(world)).not.toContain(first);
});

test("A25 a client's document is fetched only from a public https address, and nothing else is even connected to", async () => {
  await using world = await startWorld();
  const connected: string[] = [];
  const server = createServer((socket) => {
    connected.push(socket.remoteAddress ?? "");
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, () => resolve()));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    for (const clientId of [
      `http://127.0.0.1:${port}/client.json`,
      `https://127.0.0.1:${port}/client.json`,
      `https://localhost:${port}/client.json`,
      `https://[::1]:${port}/client.json`,
      `https://[::ffff:127.0.0.1]:${port}/client.json`,
      `https://[64:ff9b::7f00:1]:${port}/client.json`,
      `https://0.0.0.0:${port}/client.json`,
      `https://2130706433:${port}/client.json`,
      "https://169.254.169.254/latest/meta-data",
      "https://10.0.0.1/client.json",
      "https://h.example",
      "https://h.example/",
      "https://user:word@h.example/client.json",
      "https://h.example/client.json#fragment",
      "https://h.example/a/../client.json",
      "ftp://h.example/client.json",
    ]) {
      const { left, page } = await world.open({ clientId, redirectUri: "https://h.example/cb" });
      expect([clientId, left, page.status]).toEqual([
        clientId,
        null,
        expect.toSatisfy((status) => status >= 400 && status < 500),
      ]);
    }
    expect(connected).toEqual([]);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

const ADDRESS = "https://client.example/client.json";
const DOCUMENT = { client_id: ADDRESS, client_name: "Client", redirect_uris: ["https://client.example/cb"] };

/** A host of a client's document: `answer` is what it sends, whatever is asked; every name resolves to `resolved`. */
async function documentHost(answer: string, resolved: readonly string[] = ["93.184.216.34"]) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => socket.on("data", () => socket.end(answer)).on("error", () => undefined));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const dialled: string[] = [];
  const clock = { now: 1 };
  const fetcher = createDocumentFetcher({
    config: { deviceFlow: false },
    now: () => clock.now,
    network: {
      resolve: async () => resolved,
      dial: (target) => {
        dialled.push(target.address);
        const socket = connect(port, "127.0.0.1");
        sockets.push(socket);
        return socket;
      },
    },
  });
  return {
    fetcher,
    dialled,
    clock,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const http = (status: string, body: string, headers = ""): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;
const ok = (document: unknown): string => http("200 OK", JSON.stringify(document));

test("A25 a client's document is taken from the address that was checked, whole, unmoved and without a secret", async () => {
  await using good = await documentHost(ok(DOCUMENT));
  expect(await (await good.fetcher.fetch(ADDRESS)).json()).toMatchObject({ client_id: ADDRESS });
  expect(good.dialled).toEqual(["93.184.216.34"]);

  for (const resolved of [
    ["127.0.0.1"],
    ["10.1.2.3"],
    ["169.254.169.254"],
    ["100.64.0.1"],
    ["::1"],
    ["::ffff:10.0.0.1"],
    ["64:ff9b::a00:1"],
    ["fe80::1"],
    ["fd00::1"],
    ["93.184.216.34", "192.168.0.1"],
    [],
  ]) {
    await using host = await documentHost(ok(DOCUMENT), resolved);
    await expect(host.fetcher.fetch(ADDRESS)).rejects.toThrow("no address that may be asked");
    expect([resolved, host.dialled]).toEqual([resolved, []]);
  }

  for (const [answer, problem] of [
    [http("302 Found", "", "location: https://elsewhere.example/client.json\r\n"), "answered 302"],
    [http("404 Not Found", "{}"), "answered 404"],
    [ok({ ...DOCUMENT, client_id: "https://client.example/other.json" }), "names another client"],
    [ok({ ...DOCUMENT, client_secret: "secret" }), "client_secret"],
    [ok({ ...DOCUMENT, token_endpoint_auth_method: "client_secret_basic" }), "not a public one"],
    [ok({ ...DOCUMENT, redirect_uris: ["javascript:alert(1)"] }), "redirect_uris"],
    [ok({ ...DOCUMENT, client_name: "x".repeat(11_000) }), "too large"],
    [ok([DOCUMENT]), "expected object"],
    [http("200 OK", "<html>"), "JSON"],
  ] as const) {
    await using host = await documentHost(answer);
    await expect(host.fetcher.fetch(ADDRESS)).rejects.toThrow(problem);
    // Not asked again at once.
    expect(host.fetcher.mayFetch(ADDRESS, "1.2.3.4")).toBe(false);
    host.clock.now += 60_001;
    expect(host.fetcher.mayFetch(ADDRESS, "1.2.3.4")).toBe(true);
  }
});
