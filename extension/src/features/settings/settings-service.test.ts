import "fake-indexeddb/auto";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { openDatabase } from "../../db/database.ts";
import { createRelayApi } from "../../lib/relay-api.ts";
import { createSettingsService } from "./settings-service.ts";

const publicKey = { kty: "EC" as const, crv: "P-256" as const, x: "x".repeat(43), y: "y".repeat(43) };

async function setUp() {
  const db = openDatabase(`test-${createId("db")}`);
  const own = createId("device");
  const other = createId("device");
  const asked: unknown[] = [];
  const identity = { load: () => Promise.resolve(null), keepClockOffset: () => Promise.resolve() };
  const api = {
    ...createRelayApi({ identity, fetch: () => Promise.reject(new TypeError("no network")), now: Date.now }),
    renameDevice: (...change: unknown[]) => Promise.resolve(asked.push(change)),
    revokeDevice: (...change: unknown[]) => Promise.resolve(asked.push(change)),
    preferDevice: (...change: unknown[]) => Promise.resolve(asked.push(change)),
  };
  await db.relay.put({
    id: "relay",
    relayUrl: "http://127.0.0.1:1",
    relayId: "relay1",
    user: { userId: createId("user"), name: "Ada", administrator: true },
    device: { deviceId: own, name: "Old", publicKey, fingerprint: "f" },
    pairedAt: 1,
    clockOffset: 0,
  });
  await db.trustedDevices.put({ deviceId: other, name: "Phone", publicKey, fingerprint: "g", trustedAt: 1 });
  return { db, own, other, asked, service: createSettingsService({ db, api }) };
}

test("renames a device at the relay and here, this one and another", async () => {
  const { db, own, other, asked, service } = await setUp();
  await service["devices.rename"]({ deviceId: own, name: "Desk" });
  await service["devices.rename"]({ deviceId: other, name: "Pocket" });
  expect(asked).toEqual([
    [own, "Desk"],
    [other, "Pocket"],
  ]);
  expect((await db.relay.get("relay"))?.device.name).toBe("Desk");
  expect((await db.trustedDevices.get(other))?.name).toBe("Pocket");
});

test("trusts a device no longer once it was revoked", async () => {
  const { db, other, asked, service } = await setUp();
  await service["devices.revoke"]({ deviceId: other });
  expect(asked).toEqual([[other]]);
  expect(await db.trustedDevices.count()).toBe(0);
});

test("says at the relay which browser is preferred, or none", async () => {
  const { other, asked, service } = await setUp();
  await service["devices.prefer"]({ deviceId: other });
  await service["devices.prefer"]({ deviceId: null });
  expect(asked).toEqual([[other], [null]]);
});
