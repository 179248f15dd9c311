import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../../store/open-store.ts";
import type { Store } from "../../store/store.ts";
import { createDeviceCodeAdapter } from "./device-code-adapter.ts";
import { findDeviceRequest, settleDeviceRequest, useUserCode } from "./device-requests.ts";

const CODE = "the-code-of-the-device";
const ALLOWED = { accountId: "user_1", grantId: "grant_1", scope: "read", resource: "https://relay.example/mcp" };

let store: Store;
let deps: { store: Store; now: () => number };

beforeEach(async () => {
  store = await openStore(":memory:");
  deps = { store, now: () => 1_000_000 };
  await createDeviceCodeAdapter(deps).upsert(
    CODE,
    {
      kind: "DeviceCode",
      jti: CODE,
      userCode: "BCDFGHJK",
      clientId: "client_1",
      params: { scope: "read write", resource: ALLOWED.resource },
      deviceInfo: { clientName: "TV", ip: "192.0.2.1" },
    },
    300,
  );
});
afterEach(() => store.close());

test("a code that two devices redeem at the same moment is redeemed by one", async () => {
  const adapter = createDeviceCodeAdapter(deps);
  const redeemed = await Promise.allSettled([adapter.consume(CODE), adapter.consume(CODE)]);
  expect(redeemed.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(await adapter.find(CODE)).toMatchObject({ consumed: true });
});

test("a request is decided once, by whichever of two decisions comes first", async () => {
  const recordHash = (await useUserCode(deps, "bcdf-ghjk")) ?? "";
  const read = await findDeviceRequest(deps, recordHash);
  if (read === null) throw new Error("The request was not stored.");
  expect(await settleDeviceRequest(deps, read, "denied")).toBe(true);
  expect(await settleDeviceRequest(deps, read, ALLOWED)).toBe(false);
  const again = await findDeviceRequest(deps, recordHash);
  expect(again).toMatchObject({ error: "access_denied" });
  expect(again === null || (await settleDeviceRequest(deps, again, ALLOWED))).toBe(false);
});
