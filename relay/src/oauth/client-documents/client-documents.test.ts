import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import {
  authorizeParameters,
  CALLBACK,
  codeForm,
  startTestAuthorization,
} from "../../test-support/authorization-server.ts";
import { isDocumentAddress } from "./check-document-address.ts";
import { createDocumentFetcher } from "./fetch-document.ts";
import type { Network } from "../../http/outbound/pinned-request.ts";
import { createAddressCheck } from "../../http/outbound/special-address.ts";

const ADDRESS = "https://client.example/oauth/client.json";
const PUBLIC = "93.184.215.14";

type Host = AsyncDisposable & { network: Network; dialled: string[]; asked: () => number; resolved: string[] };

/** A host of documents: its name resolves as the test says, and whatever is dialled ends at the test's own server. */
async function startHost(answer: RequestListener, addresses: readonly string[] = [PUBLIC]): Promise<Host> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const dialled: string[] = [];
  const resolved: string[] = [];
  return {
    dialled,
    resolved,
    asked: () => asked,
    network: {
      resolve: async (hostname) => {
        resolved.push(hostname);
        return addresses;
      },
      dial: ({ address, port }) => {
        dialled.push(`${address}:${port}`);
        return connect((server.address() as AddressInfo).port, "127.0.0.1");
      },
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const answering =
  (document: unknown, headers: Record<string, string> = {}, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof document === "string" ? document : JSON.stringify(document));
  };

const document = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  client_id: ADDRESS,
  client_name: "Document client",
  redirect_uris: [CALLBACK],
  ...change,
});

const fetchFrom = async (host: Host, address = ADDRESS): Promise<unknown> =>
  (
    await createDocumentFetcher({ config: { deviceFlow: false }, now: Date.now, network: host.network }).fetch(address)
  ).json();

test("a client is its metadata document: one sign-in reads it once, on the address that was checked", async () => {
  await using host = await startHost(
    answering(document({ scope: "openid", grant_types: ["x"], application_type: "web" })),
  );
  await using relay = await startTestAuthorization({ network: host.network });
  relay.decide(await relay.owner.publish({ inbound: { accessKeys: false, interactive: true } }));
  const tokens = await relay.signIn({ clientId: ADDRESS });
  expect(tokens.access_token).toEqual(expect.any(String));
  expect(host.dialled).toEqual([`${PUBLIC}:443`]);
  expect(host.asked()).toBe(1);
});

test("a client that would sign its requests but may also go without, as ChatGPT, is taken as a public one", async () => {
  const chatgpt = document({
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
    grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
    response_types: ["code", "id_token"],
    jwks_uri: "https://client.example/jwks.json",
  });
  await using host = await startHost(answering(chatgpt));
  await using relay = await startTestAuthorization({ network: host.network });
  relay.decide(await relay.owner.publish({ inbound: { accessKeys: false, interactive: true } }));
  const { location } = await relay.authorize(authorizeParameters(ADDRESS));
  expect((await relay.token(codeForm(ADDRESS, location?.searchParams.get("code") ?? ""))).status).toBe(200);
  expect(host.asked()).toBe(1);
});

test.each([
  ["names another client", document({ client_id: "https://client.example/other" }), "names another client"],
  ["carries a secret", document({ client_secret: "s" }), "client_secret"],
  ["needs a secret", document({ token_endpoint_auth_method: "client_secret_post" }), "not a public one"],
  ["can only sign", document({ token_endpoint_auth_method: "private_key_jwt" }), "not a public one"],
  ["sends codes to a script", document({ redirect_uris: ["javascript:alert(1)"] }), "redirect_uris may be"],
  ["is a list", [document()], "expected object"],
  ["is not JSON", "{", "JSON"],
  ["is too large", document({ padding: "x".repeat(10_000) }), "too large"],
])("a document that %s is refused", async (_what, body, reason) => {
  await using host = await startHost(answering(body));
  await expect(fetchFrom(host)).rejects.toThrow(reason);
});

test.each([301, 302, 307, 404, 500])("an answer %i is no document, and leads nowhere", async (status) => {
  await using host = await startHost(answering(document(), { location: "http://169.254.169.254/" }, status));
  await expect(fetchFrom(host)).rejects.toThrow(`answered ${status}`);
  expect(host.asked()).toBe(1);
});

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.31.0.1",
  "192.168.1.1",
  "100.64.0.1",
  "169.254.169.254",
  "0.0.0.0",
  "224.0.0.1",
  "::1",
  "::",
  "::ffff:127.0.0.1",
  "::ffff:8.8.8.8",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
  "fc00::1",
  "fe80::1",
  "fe80::1%eth0",
  "ff02::1",
])("a host at %s is not asked, also beside a public address", async (address) => {
  await using host = await startHost(answering(document()), [PUBLIC, address]);
  await expect(fetchFrom(host)).rejects.toThrow("no address that may be asked");
  expect(host.dialled).toEqual([]);
});

test("an address in place of a name is checked as well", async () => {
  await using host = await startHost(answering(document()));
  for (const address of ["https://127.0.0.1/c", "https://[::1]/c", "https://0x7f.1/c", "https://2130706433/c"]) {
    await expect(fetchFrom(host, address)).rejects.toThrow("no address that may be asked");
  }
  expect(host.dialled).toEqual([]);
});

test("a name that resolves elsewhere the second time is resolved once only", async () => {
  await using host = await startHost(answering(document()));
  await fetchFrom(host);
  expect(host.resolved).toEqual(["client.example"]);
});

test("a host that is away does not cost its client the connection, one that took its document back does", async () => {
  let status = 200;
  await using host = await startHost((request, response) => answering(document(), {}, status)(request, response));
  const clock = { now: 0 };
  const fetcher = createDocumentFetcher({ config: { deviceFlow: false }, now: () => clock.now, network: host.network });
  const first = await (await fetcher.fetch(ADDRESS)).json();
  status = 503;
  expect(await (await fetcher.fetch(ADDRESS)).json()).toEqual(first);
  clock.now += 24 * 60 * 60_000;
  await expect(fetcher.fetch(ADDRESS)).rejects.toThrow("answered 503");
  status = 200;
  await fetcher.fetch(ADDRESS);
  status = 404;
  await expect(fetcher.fetch(ADDRESS)).rejects.toThrow("answered 404");
});

test("a failure is remembered for a minute, and asking is bounded", async () => {
  await using host = await startHost(answering("{"));
  const clock = { now: 0 };
  const fetcher = createDocumentFetcher({ config: { deviceFlow: false }, now: () => clock.now, network: host.network });
  expect(fetcher.mayFetch(ADDRESS, "192.0.2.1")).toBe(true);
  await expect(fetcher.fetch(ADDRESS)).rejects.toThrow("JSON");
  expect(fetcher.mayFetch(ADDRESS, "192.0.2.1")).toBe(false);
  clock.now += 60_001;
  const asked = Array.from({ length: 40 }, (_, index) => fetcher.mayFetch(`https://h${index}.example/c`, "192.0.2.1"));
  expect(asked.filter(Boolean)).toHaveLength(30);
  const ofHost = Array.from({ length: 40 }, (_, index) =>
    fetcher.mayFetch(`https://one.example/${index}`, `192.0.2.${index}`),
  );
  expect(ofHost.filter(Boolean)).toHaveLength(20);
});

test.each([
  ["http://client.example/c", false],
  ["https://client.example", false],
  ["https://client.example/", false],
  ["https://user@client.example/c", false],
  ["https://client.example/c#f", false],
  ["https://client.example/a/../c", false],
  ["https://client.example/a/%2e%2e/c", false],
  ["https://client.example/./c", false],
  ["HTTPS://client.example/c", false],
  ["https://CLIENT.example/c", false],
  ["https://client.example:443/c", false],
  ["https://client.example\\c", false],
  ["https://client.example/c", true],
  ["https://client.example:8443/c.json", true],
])("%s as the address of a document: %s", (address, expected) => {
  expect(isDocumentAddress(address)).toBe(expected);
});

test("addresses of the public internet are not special", () => {
  const isSpecial = createAddressCheck();
  for (const address of ["8.8.8.8", "93.184.215.14", "2606:4700::1111"]) expect(isSpecial(address)).toBe(false);
  expect(isSpecial("not an address")).toBe(true);
});
