import { createId } from "@agent-personas/shared/primitives/id";
import type { Listen } from "@agent-personas/shared/tunnel/messages";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ListeningWish } from "../deps.ts";
import type { DeviceKeys } from "../test-support/test-device.ts";
import { SLOT_ID } from "../test-support/test-persona.ts";
import { PERSONA_ID, startTestTunnel, type TestTunnel } from "../test-support/test-tunnel.ts";

let tunnel: TestTunnel;

beforeEach(async () => {
  tunnel = await startTestTunnel();
});
afterEach(() => tunnel[Symbol.asyncDispose]());

const wish = (more: Partial<ListeningWish> = {}): ListeningWish => ({
  deviceId: null,
  personaId: PERSONA_ID,
  slotId: SLOT_ID,
  lists: true,
  resources: [],
  ...more,
});
const asTold = ({ deviceId: _deviceId, ...listening }: ListeningWish) => ({ slots: [listening] });

/** A device that remembers what it is told to listen to, and says so unless told `deaf` times before. */
async function connect(device: DeviceKeys, deaf = 0) {
  const told: Listen[] = [];
  const socket = await tunnel.connect({ bootId: createId("boot") }, device);
  socket.on("listen", (listen, ack) => {
    told.push(listen);
    if (told.length > deaf) ack({ stored: true });
  });
  return { told, socket };
}

const want = (...wishes: ListeningWish[]): void => tunnel.relay.tunnel.listen(tunnel.owner.userId, wishes);

test("a wish that names a browser is told to that one only, any other to one that serves it", async () => {
  const second = await tunnel.owner.addDevice();
  const preferred = await connect(tunnel.owner.device);
  const other = await connect(second);
  tunnel.relay.tunnel.preferDevice(tunnel.owner.userId, tunnel.owner.device.deviceId);
  const named = wish({ deviceId: second.deviceId, lists: false, resources: ["notes://one"] });
  want(wish(), named);
  await expect.poll(() => preferred.told.at(-1)).toEqual(asTold(wish()));
  await expect.poll(() => other.told.at(-1)).toEqual(asTold(named));
  other.socket.disconnect();
  await expect.poll(() => tunnel.relay.tunnel.counts().devices).toBe(1);
  expect(preferred.told.at(-1)).toEqual(asTold(wish()));
});

test("a browser that is back is told what it should listen to, also when that is nothing any more", async () => {
  const { device } = tunnel.owner;
  const before = await connect(device);
  want(wish());
  await expect.poll(() => before.told.at(-1)).toEqual(asTold(wish()));
  before.socket.disconnect();
  await expect.poll(() => tunnel.relay.tunnel.counts().devices).toBe(0);
  want();
  const { told } = await connect(device);
  // It came before the handler, or it comes again: nobody has acknowledged it.
  await expect.poll(() => told, { timeout: 3_000 }).toEqual([{ slots: [] }]);
});

test("what a browser does not acknowledge it is told again, a few times", async () => {
  const { told } = await connect(tunnel.owner.device, 1);
  want(wish());
  await expect.poll(() => told, { timeout: 5_000 }).toEqual([asTold(wish()), asTold(wish())]);
}, 10_000);
