import "fake-indexeddb/auto";
import type { AppError } from "@agent-personas/shared/errors/app-error";
import { expect, test } from "vitest";
import { openDatabase } from "../../db/database.ts";
import type { PersonaRow } from "../../db/rows.ts";
import { personaRow, personaVersion } from "../../test-support/rows.ts";
import type { AppGateway } from "./app-gateway.ts";
import { createAppsService } from "./apps-service.ts";

const APP_URL = "https://mcp.example.com/mcp";

/** Stands at the far side of the port: answers as an app of the given kind would. */
function gatewayOf(credential: "oauth" | "headers" | "none") {
  const done: string[] = [];
  const gateway: AppGateway = {
    checkUrl: (text) => text,
    probe: (url) =>
      Promise.resolve({
        url,
        credential,
        server: { name: "srv", version: "1", title: "The Server" },
        protocol: "2025-11-25",
        issuer: credential === "oauth" ? "https://auth.example.com" : null,
        authorizationOrigins: credential === "oauth" ? ["https://auth.example.com"] : [],
      }),
    connect: (id) => Promise.resolve({ tools: done.push(`connect ${id}`) }),
    setHeaders: (id, headers) => Promise.resolve(void done.push(`headers ${id}`)).then(() => Object.keys(headers)),
    setSignIn: (id, { kind }) => Promise.resolve(void done.push(`sign-in ${id} ${kind}`)),
    refreshTools: (id) => Promise.resolve({ tools: done.push(`refresh ${id}`) }),
    disconnect: (id) => Promise.resolve(void done.push(`disconnect ${id}`)),
  };
  return { gateway, done };
}

function setUp(credential: "oauth" | "headers" | "none" = "oauth") {
  const database = openDatabase(`service-${crypto.randomUUID()}`);
  const { gateway, done } = gatewayOf(credential);
  return { database, done, service: createAppsService({ database, gateway, now: () => 1_000 }) };
}

const persona = (name: string): PersonaRow =>
  personaRow(
    personaVersion({
      personaId: `persona_${name}`,
      name,
      slots: [{ slotId: "slot_x", appUrl: APP_URL, appName: "The Server", prefix: "Server" }],
    }),
  );

test("adding an app stores it with a connection that is not authorised yet", async () => {
  const { database, service, done } = setUp();
  const added = await service["apps.add"]({ url: APP_URL });
  expect(added).toMatchObject({ credential: "oauth", authorizationOrigins: ["https://auth.example.com"] });
  expect(await database.apps.get(added.appId)).toMatchObject({ name: "The Server", url: APP_URL, credential: "oauth" });
  expect(await database.connections.get(added.connectionId)).toMatchObject({
    status: "not_connected",
    issuer: "https://auth.example.com",
    missingOrigins: ["https://auth.example.com"],
  });
  expect(done).toEqual([]);
});

test("an app without credential is listed at once", async () => {
  const { service, done } = setUp("none");
  const { connectionId } = await service["apps.add"]({ url: APP_URL, name: "Mine" });
  expect(done).toEqual([`refresh ${connectionId}`]);
});

test("an app is there once, also when two pages add it at the same moment", async () => {
  const { database, service } = setUp();
  const answers = await Promise.allSettled([
    service["apps.add"]({ url: APP_URL }),
    service["apps.add"]({ url: APP_URL }),
  ]);
  const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason as AppError] : []));
  expect(refused.map(({ code }) => code)).toEqual(["app_exists"]);
  expect(await database.apps.count()).toBe(1);
  expect(await database.connections.count()).toBe(1);
});

test("an app in use is not removed, and its personas are named", async () => {
  const { database, service, done } = setUp();
  const { appId } = await service["apps.add"]({ url: APP_URL });
  await database.personas.bulkAdd([persona("Ops"), persona("Dev")]);
  await expect(service["apps.remove"]({ appId })).rejects.toMatchObject({
    code: "app_in_use",
    detail: { personas: "Dev, Ops" },
  });
  expect(done).toEqual([]);
});

test("removing an app disconnects every account and leaves nothing", async () => {
  const { database, service, done } = setUp();
  const { appId, connectionId } = await service["apps.add"]({ url: APP_URL });
  const second = await service["apps.add-connection"]({ appId, label: "Work" });
  await service["apps.remove"]({ appId });
  expect(done.toSorted()).toEqual([`disconnect ${connectionId}`, `disconnect ${second.connectionId}`].toSorted());
  expect([await database.apps.count(), await database.connections.count()]).toEqual([0, 0]);
});

test("headers are stored by name only", async () => {
  const { database, service } = setUp();
  const { appId, connectionId } = await service["apps.add"]({ url: APP_URL });
  await service["apps.set-headers"]({ connectionId, headers: { "X-Api-Key": "canary" } });
  expect(await database.connections.get(connectionId)).toMatchObject({ headerNames: ["X-Api-Key"] });
  expect((await database.apps.get(appId))?.credential).toBe("headers");
  const rows = [await database.apps.toArray(), await database.connections.toArray()];
  expect(JSON.stringify(rows)).not.toContain("canary");
});

test("disconnecting names the personas that this connection serves", async () => {
  const { database, service } = setUp();
  const { connectionId } = await service["apps.add"]({ url: APP_URL });
  await database.personas.add(persona("Ops"));
  await database.bindings.add({ personaId: "persona_Ops", slotId: "s", connectionId });
  expect(await service["apps.disconnect"]({ connectionId })).toEqual({ personas: ["Ops"] });
  expect((await database.connections.get(connectionId))?.status).toBe("not_connected");
});

test("what is not there is not found", async () => {
  const { service } = setUp();
  const missing = { code: "app_not_found" };
  await expect(service["apps.rename"]({ appId: "app_x", name: "x" })).rejects.toMatchObject(missing);
  await expect(service["apps.disconnect"]({ connectionId: "connection_x" })).rejects.toMatchObject(missing);
  const signIn = { kind: "authorization_code" as const, client: null };
  await expect(service["apps.set-sign-in"]({ connectionId: "connection_x", signIn })).rejects.toMatchObject(missing);
});
