import { expect, test } from "vitest";
import { startAppServer } from "./test-support/app-server.ts";
import { REDIRECT_URL, setUpApps } from "./test-support/set-up.ts";
import { startStrictServer } from "./test-support/strict-server.ts";

const echo = (connectionId: string) => ({
  connectionId,
  callerKey: "persona caller",
  forwardedHeaders: null,
  params: { name: "echo", arguments: { text: "hi" } },
  signal: new AbortController().signal,
  deadline: AbortSignal.timeout(10_000),
  method: "tools/call" as const,
  capabilities: {},
  logLevel: null,
});

const scopesAskedBy = (url: string | undefined): string[] =>
  new URL(url ?? "").searchParams.get("scope")?.split(" ") ?? [];

test("what an app misses for a call is asked for at the next sign-in, beside what was granted", async () => {
  await using authorization = await startStrictServer();
  await using app = await startAppServer({ authorization });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "oauth");
  await apps.gateway.connect(connectionId);
  app.guard = async (request) => {
    if (!(await request.clone().text()).includes('"tools/call"')) return null;
    const challenge = 'Bearer error="insufficient_scope", scope="write:all"';
    return new Response(null, { status: 403, headers: { "www-authenticate": challenge } });
  };
  expect(await apps.downstream.call(echo(connectionId))).toMatchObject({ code: "app_needs_sign_in" });
  // Another call that passes does not make it forget.
  await apps.gateway.refreshTools(connectionId);
  app.guard = () => null;
  expect(scopesAskedBy(apps.identity.opened.at(-1))).toEqual(["tools"]);
  await apps.gateway.connect(connectionId);
  expect(scopesAskedBy(apps.identity.opened.at(-1))).toEqual(["tools", "write:all"]);
  expect(await apps.database.connections.get(connectionId)).toMatchObject({ wantedScopes: [], status: "connected" });
  await apps.gateway.connect(connectionId);
  expect(scopesAskedBy(apps.identity.opened.at(-1))).toEqual(["tools"]);
});

test("an app that moves to another authorization server while it is connected is signed in to there, as a new client", async () => {
  await using first = await startStrictServer();
  await using second = await startStrictServer();
  await using app = await startAppServer({ authorization: first });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "oauth");
  app.guard = (request) => {
    const token = request.headers.get("authorization")?.slice("Bearer ".length);
    if (second.isValid(token)) return null;
    if (first.isValid(token)) app.moveTo(second);
    return app.challenge();
  };
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect([first.counts.registrations, second.counts.registrations]).toEqual([1, 1]);
  expect(await apps.database.connections.get(connectionId)).toMatchObject({ issuer: second.issuer });
  const known = first.tokenRequests.map(({ body }) => body.get("client_id"));
  expect(second.tokenRequests.map(({ body }) => body.get("client_id"))).not.toEqual(expect.arrayContaining(known));
});

test("an app that refuses what its authorization server issued is signed in to once, not again and again", async () => {
  await using authorization = await startStrictServer();
  await using app = await startAppServer({ authorization });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "oauth");
  app.guard = () => app.challenge();
  await expect(apps.gateway.connect(connectionId)).rejects.toMatchObject({ code: "app_needs_sign_in" });
  expect(apps.identity.opened).toHaveLength(1);
});

test("a server that takes documents is given this extension's, with everybody's consent, and registers nobody", async () => {
  await using authorization = await startStrictServer();
  authorization.metadata = { client_id_metadata_document_supported: true };
  await using app = await startAppServer({ authorization });
  const clientDocument = "https://extension.example/client.json";
  authorization.documents.set(clientDocument, { redirectUris: [REDIRECT_URL] });
  await using apps = await setUpApps({ clientDocument });
  const connectionId = await apps.add(app.url, "oauth");
  await apps.gateway.connect(connectionId);
  const asked = new URL(apps.identity.opened.at(-1) ?? "").searchParams;
  expect([asked.get("client_id"), asked.get("prompt")]).toEqual([clientDocument, "consent"]);
  expect(authorization.counts).toMatchObject({ registrations: 0, codes: 1 });
  expect(authorization.tokenRequests[0]?.body.get("client_id")).toBe(clientDocument);
});
