import { expect, test } from "vitest";
import { startAppServer } from "./test-support/app-server.ts";
import { serve } from "./test-support/serve.ts";
import { setUpApps } from "./test-support/set-up.ts";
import { startStrictServer } from "./test-support/strict-server.ts";

test.each([
  ["legacy", "2025-11-25"],
  ["both", "2026-07-28"],
] as const)("an open server of era %s is recognised", async (era, protocol) => {
  await using app = await startAppServer({ era });
  await using apps = await setUpApps();
  expect(await apps.gateway.probe(app.url)).toEqual({
    url: app.url,
    credential: "none",
    server: { name: "fake-app", version: "1.0.0", title: "Fake App" },
    protocol,
    issuer: null,
    authorizationOrigins: [],
  });
  expect(app.sessions.size).toBe(0);
});

test("a protected server names the origins that Connect has to ask for", async () => {
  await using authorization = await startStrictServer();
  await using app = await startAppServer({ authorization });
  await using apps = await setUpApps();
  expect(await apps.gateway.probe(app.url)).toMatchObject({
    credential: "oauth",
    issuer: authorization.issuer,
    authorizationOrigins: [authorization.issuer],
  });
});

test("an authorization server that may not be reached yet is named by its origin", async () => {
  await using authorization = await startStrictServer();
  await using app = await startAppServer({ authorization });
  await using apps = await setUpApps({
    fetch: (url, init) =>
      String(url).startsWith(authorization.issuer)
        ? Promise.reject(new TypeError("Failed to fetch"))
        : fetch(url, init),
    mayReach: (url) => Promise.resolve(!url.startsWith(authorization.issuer)),
  });
  expect(await apps.gateway.probe(app.url)).toMatchObject({
    credential: "oauth",
    issuer: null,
    authorizationOrigins: [authorization.issuer],
  });
  const connectionId = await apps.add(app.url, "oauth");
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject({ code: "connect_permission" });
  expect(await apps.database.connections.get(connectionId)).toMatchObject({
    status: "permission_missing",
    missingOrigins: [authorization.issuer],
  });
});

test("a 401 that describes no authorization server asks for a header", async () => {
  await using app = await startAppServer();
  app.guard = () => new Response("key please", { status: 401 });
  await using apps = await setUpApps();
  expect(await apps.gateway.probe(app.url)).toMatchObject({ credential: "headers", authorizationOrigins: [] });
});

test("a server that asks for a credential only at the list is protected too", async () => {
  await using app = await startAppServer({ era: "legacy" });
  app.guard = async (request) =>
    (await request.clone().text()).includes("tools/list") ? new Response(null, { status: 401 }) : null;
  await using apps = await setUpApps();
  expect((await apps.gateway.probe(app.url)).credential).toBe("headers");
});

test("the address with the other last slash is taken when the server redirects there", async () => {
  await using app = await startAppServer();
  await using apps = await setUpApps();
  app.guard = () => null;
  await using front = await serve((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/mcp") return new Response(null, { status: 307, headers: { location: "/mcp/" } });
    const body = request.body;
    return fetch(app.url, {
      method: request.method,
      headers: forwarded(request.headers),
      body,
      duplex: "half",
    } as RequestInit);
  });
  expect(await apps.gateway.probe(`${front.origin}/mcp`)).toMatchObject({
    url: `${front.origin}/mcp/`,
    credential: "none",
  });
});

const forwarded = (headers: Headers): Headers => {
  const kept = new Headers(headers);
  for (const name of ["host", "connection", "content-length", "transfer-encoding"]) kept.delete(name);
  return kept;
};

test("each request is complete by the rules of its revision, also the first", async () => {
  await using app = await startAppServer({ era: "both" });
  await using apps = await setUpApps();
  await apps.gateway.probe(app.url);
  expect(app.requests.length).toBeGreaterThan(1);
  for (const { headers, body } of app.requests) {
    const { method, params }: { method: string; params: unknown } = JSON.parse(body);
    expect(headers.get("mcp-protocol-version")).toBe("2026-07-28");
    expect(headers.get("mcp-method")).toBe(method);
    expect(params).toMatchObject({
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { name: "agent-personas", version: "0.1.0" },
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    });
  }
});

test("an app that refuses a revision before it looks at the credential is asked in an earlier one", async () => {
  await using authorization = await startStrictServer();
  await using app = await startAppServer({ authorization, era: "legacy" });
  app.guard = (request) =>
    request.headers.get("mcp-protocol-version") === "2026-07-28" ? new Response(null, { status: 400 }) : null;
  await using apps = await setUpApps();
  expect(await apps.gateway.probe(app.url)).toMatchObject({ credential: "oauth", issuer: authorization.issuer });
});

test("a web site is not an MCP server", async () => {
  await using site = await serve(() => new Response("<h1>Hello</h1>", { headers: { "content-type": "text/html" } }));
  await using apps = await setUpApps();
  await expect(apps.gateway.probe(`${site.origin}/`)).rejects.toMatchObject({ code: "connect_not_mcp" });
});

test("nothing at the path is not an MCP server", async () => {
  await using app = await startAppServer();
  await using apps = await setUpApps();
  await expect(apps.gateway.probe(`${app.origin}/wrong`)).rejects.toMatchObject({ code: "connect_not_mcp" });
});

test("a closed port is unreachable, with the reason", async () => {
  const app = await startAppServer();
  await app[Symbol.asyncDispose]();
  await using apps = await setUpApps();
  await expect(apps.gateway.probe(app.url)).rejects.toMatchObject({
    code: "connect_unreachable",
    detail: { reason: "connection refused" },
  });
});

test("an old server that answers 500 to what it does not know is spoken to in its own era", async () => {
  await using app = await startAppServer({ era: "legacy" });
  app.guard = async (request) =>
    (await request.clone().text()).includes("server/discover") ? new Response("boom", { status: 500 }) : null;
  await using apps = await setUpApps();
  expect(await apps.gateway.probe(app.url)).toMatchObject({ credential: "none", protocol: "2025-11-25" });
});
