import { expect, test } from "vitest";
import { tokenRecordSchema, tokenSecretId } from "./oauth/token-record.ts";
import { startAppServer } from "./test-support/app-server.ts";
import { echoCall } from "./test-support/echo-call.ts";
import { setUpApps } from "./test-support/set-up.ts";
import { startStrictServer } from "./test-support/strict-server.ts";

async function connected() {
  const authorization = await startStrictServer();
  const app = await startAppServer({ authorization });
  const apps = await setUpApps();
  const connectionId = await apps.add(app.url, "oauth");
  return {
    authorization,
    app,
    apps,
    connectionId,
    async [Symbol.asyncDispose]() {
      for (const part of [apps, app, authorization]) await part[Symbol.asyncDispose]();
    },
  };
}

test("connects with the web session, lists the tools, and sends the token to the app only", async () => {
  await using authorization = await startStrictServer();
  await using app = await startAppServer({ authorization });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "oauth");
  await apps.database.apps.toCollection().modify({ name: new URL(app.url).host });

  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect(await apps.database.apps.toCollection().first()).toMatchObject({ name: "Fake App", protocol: "2026-07-28" });

  const row = await apps.database.connections.get(connectionId);
  expect(row).toMatchObject({ status: "connected", issuer: authorization.issuer, scopes: ["tools"], problem: null });
  expect(authorization.registered[0]).toMatchObject({
    redirect_uris: ["https://extension-id.chromiumapp.org/oauth", "http://127.0.0.1/oauth"],
    token_endpoint_auth_method: "none",
  });
  const stored = await apps.vault.read(tokenSecretId(connectionId), tokenRecordSchema);
  const token = stored?.value.accessToken ?? "";
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });
  expect(JSON.stringify(authorization.tokenRequests.map(({ body }) => [...body]))).not.toContain(token);
  const rows = [...(await apps.database.apps.toArray()), ...(await apps.database.connections.toArray())];
  expect(JSON.stringify([rows, await apps.database.tools.toArray()])).not.toContain(token);
});

test("20 calls across the expiry make one refresh and none of them fails", async () => {
  await using scene = await connected();
  const { authorization, app, apps, connectionId } = scene;
  authorization.lifetime = 1;
  await apps.gateway.connect(connectionId);
  // Its session is open, so that each of the calls below needs the token for itself.
  await apps.downstream.call(echoCall(connectionId, "warm"));
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  authorization.lifetime = 3_600;

  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) => apps.downstream.call(echoCall(connectionId, `${n}`))),
  );
  expect(outcomes.map((outcome) => outcome.kind)).toEqual(Array.from({ length: 20 }, () => "result"));
  expect(authorization.counts).toMatchObject({ refreshes: 1, reuses: 0, codes: 1 });
  expect(app.executed.toSorted()).toEqual(["warm", ...Array.from({ length: 20 }, (_, n) => `${n}`)].toSorted());
});

test("20 calls whose token the app refuses make one refresh, and each is executed once", async () => {
  await using scene = await connected();
  const { authorization, app, apps, connectionId } = scene;
  await apps.gateway.connect(connectionId);
  // Its session is open, so that each of the calls below needs the token for itself.
  await apps.downstream.call(echoCall(connectionId, "warm"));
  authorization.expire();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => apps.downstream.call(echoCall(connectionId))));
  expect(outcomes.every((outcome) => outcome.kind === "result")).toBe(true);
  expect(authorization.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  expect(app.executed).toHaveLength(21);
});

test("two contexts of the extension refresh once between them", async () => {
  await using scene = await connected();
  const { authorization, apps, connectionId } = scene;
  await apps.gateway.connect(connectionId);
  await using other = await setUpApps({ database: apps.database, vault: apps.vault });
  await other.downstream.call(echoCall(connectionId));
  await apps.downstream.call(echoCall(connectionId));
  authorization.expire();
  const outcomes = await Promise.all(
    [apps, other, apps, other].map((context) => context.downstream.call(echoCall(connectionId))),
  );
  expect(outcomes.every((outcome) => outcome.kind === "result")).toBe(true);
  expect(authorization.counts).toMatchObject({ refreshes: 1, reuses: 0 });
});

test("a refused refresh token heals by the web session without a window", async () => {
  await using scene = await connected();
  const { authorization, apps, connectionId } = scene;
  await apps.gateway.connect(connectionId);
  authorization.expire();
  authorization.forgetGrants();
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });
  expect(authorization.counts).toMatchObject({ codes: 2 });
  expect((await apps.database.connections.get(connectionId))?.status).toBe("connected");
});

test("without a web session the call says so once, a burst opens no burst of windows, Connect mends it", async () => {
  await using scene = await connected();
  const { authorization, app, apps, connectionId } = scene;
  await apps.gateway.connect(connectionId);
  // Its session is open, so that each of the calls below needs the token for itself.
  await apps.downstream.call(echoCall(connectionId, "warm"));
  authorization.expire();
  authorization.forgetGrants();
  authorization.webSession = false;
  const before = apps.identity.opened.length;
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => apps.downstream.call(echoCall(connectionId))));
  for (const outcome of outcomes) {
    expect(outcome).toEqual({ kind: "fault", code: "app_needs_sign_in", detail: { app: "Fake App" } });
  }
  expect(apps.identity.opened.length - before).toBe(1);
  expect(await apps.database.connections.get(connectionId)).toMatchObject({
    status: "needs_sign_in",
    problem: { code: "app_needs_sign_in" },
  });
  expect(app.executed).toEqual(["warm"]);

  authorization.webSession = true;
  await apps.gateway.connect(connectionId);
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });
});

test("an authorization server in trouble loses no refresh token", async () => {
  await using scene = await connected();
  const { authorization, apps, connectionId } = scene;
  await apps.gateway.connect(connectionId);
  authorization.expire();
  authorization.outages.push(() => new Response("oops", { status: 503 }));
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "fault", code: "app_unreachable" });
  expect((await apps.database.connections.get(connectionId))?.status).toBe("expired");
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ kind: "result" });
  expect(authorization.counts).toMatchObject({ refreshes: 1, codes: 1, reuses: 0 });
});

test("an app that was open and is protected now asks for a sign-in when it is connected again", async () => {
  await using authorization = await startStrictServer();
  await using app = await startAppServer({ authorization });
  await using apps = await setUpApps();
  const connectionId = await apps.add(app.url, "none");
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ code: "app_needs_sign_in" });
  expect(await apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect(await apps.database.apps.toCollection().first()).toMatchObject({ credential: "oauth" });
});

test("disconnect revokes upstream and leaves no secret", async () => {
  await using scene = await connected();
  const { authorization, apps, connectionId } = scene;
  await apps.gateway.connect(connectionId);
  const refreshToken = (await apps.vault.read(tokenSecretId(connectionId), tokenRecordSchema))?.value.refreshToken;
  await apps.gateway.disconnect(connectionId);
  expect(authorization.revoked).toEqual([refreshToken]);
  expect(await apps.vault.read(tokenSecretId(connectionId), tokenRecordSchema)).toBeNull();
  expect(await apps.downstream.call(echoCall(connectionId))).toMatchObject({ code: "app_needs_sign_in" });
});
