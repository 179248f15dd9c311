import { expect, test, vi } from "vitest";
import { admit, createDevice, createRelay } from "./test-support/two-ends.ts";

test("line 12: a person who looks need not wait for the next attempt, nor makes more than one a second", async () => {
  const relay = await createRelay();
  relay.refuseWith(() => Promise.resolve({ code: "too_busy", serverTime: Date.now() }));
  const device = await createDevice(relay.url);
  await device.tunnel.start();
  await device.reach("offline");
  device.tunnel.wake();
  expect(relay.seen.auths).toHaveLength(1);
  device.tunnel.hurry();
  await vi.waitFor(() => expect(relay.seen.auths).toHaveLength(2));
  await device.reach("offline");
  device.tunnel.hurry();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(relay.seen.auths).toHaveLength(2);
  relay.refuseWith(admit);
  device.setSkew(1_000);
  device.tunnel.hurry();
  await device.reach("online");
});

test("line 12: a socket that heard nothing while the computer slept is opened anew at the first event", async () => {
  const relay = await createRelay();
  const device = await createDevice(relay.url);
  await device.tunnel.start();
  await device.reach("online");
  device.setSkew(44_000);
  device.tunnel.wake();
  expect(device.state()).toBe("online");
  device.setSkew(3_600_000);
  device.tunnel.wake();
  expect(device.state()).toBe("connecting");
  await device.reach("online");
  expect(relay.seen.auths).toHaveLength(2);
  device.tunnel.wake();
  expect(device.state()).toBe("online");
});
