import { buildPersona, putPersona } from "@agent-personas/relay/test-support/signed-persona";
import { deliver, textOutcome, type DeviceSocket } from "@agent-personas/relay/test-support/test-device";
import { personasSchema } from "@agent-personas/shared/api/personas";
import type { Call } from "@agent-personas/shared/tunnel/messages";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createRawCaller, type Ending } from "../support/raw-caller.ts";
import { startRawDevices, type RawDevices, type RawPerson } from "../support/raw-devices.ts";

// Line 10: what a device may not say. In depth in tests/security.

let world: RawDevices;
let person: RawPerson;
let stranger: RawPerson;
const open: DeviceSocket[] = [];

beforeAll(async () => {
  world = await startRawDevices(2, { OWNER_WAIT_MS: "500" });
  const [first, second] = world.people;
  if (first === undefined || second === undefined) throw new Error("There are too few people.");
  [person, stranger] = [first, second];
}, 60_000);
afterEach(() => {
  for (const socket of open.splice(0)) socket.disconnect();
});
afterAll(() => world[Symbol.asyncDispose]());

const accepted = { accepted: true, needsGo: false } as const;

async function connect(who: RawPerson, onCall: (call: Call, socket: DeviceSocket) => void): Promise<DeviceSocket> {
  const socket = await who.connect((received, own) => {
    onCall(received, own);
    return accepted;
  });
  open.push(socket);
  return socket;
}
const answerWith =
  (text: string) =>
  (received: Call, socket: DeviceSocket): void =>
    deliver(socket, received, textOutcome(text));
const call = ({ endpoint }: RawPerson): Promise<Ending> =>
  createRawCaller(endpoint, "modern", 20_000).call("Sample_echo", {});

test("line 10: a device that speaks another language is cut off, and its person's next one is served", async () => {
  const arrived = Promise.withResolvers<void>();
  const strange = await connect(person, () => arrived.resolve());
  const ending = call(person);
  await arrived.promise;
  const closed = new Promise((resolve) => strange.once("disconnect", resolve));
  const malformed = { callId: "no call", attempt: 1, outcome: textOutcome("x"), timings: { device: 0, app: 0 } };
  for (let n = 0; n < 3; n += 1) strange.emit("result", malformed, () => undefined);
  await closed;
  await connect(person, answerWith("true"));
  // What can be repeated is, by the device that came next.
  expect(await ending).toMatchObject({ kind: "result", text: "true" });
});

test("line 10: a device that answers a call of somebody else changes nothing of it", async () => {
  const arrived = Promise.withResolvers<Call>();
  const own = await connect(person, (received) => arrived.resolve(received));
  const ending = call(person);
  const { callId } = await arrived.promise;
  const forger = await connect(stranger, () => undefined);
  for (const attempt of [1, 2]) {
    const forged = { callId, attempt, outcome: textOutcome("forged"), timings: { device: 1, app: 1 } };
    forger.emit("result", forged, () => undefined);
  }
  // Answered after what was said before it.
  await forger.timeout(2_000).emitWithAck("changed", { personas: [] });
  deliver(own, { callId, attempt: 1 }, textOutcome("true"));
  expect(await ending).toEqual({ kind: "result", text: "true" });
  expect([own.connected, forger.connected]).toEqual([true, true]);
});

test("line 10: a device that names another person's persona is given no call of it, and cannot publish or end it", async () => {
  const { personas } = personasSchema.parse((await person.device.send("GET", "/personas")).body);
  const personaId = personas[0]?.personaId ?? "";
  const received: Call[] = [];
  const forger = await connect(stranger, (each) => received.push(each));
  const serving = { personaId, acceptedVersion: 1, slots: [] };
  await forger.timeout(2_000).emitWithAck("changed", { personas: [serving] });
  expect(await call(person)).toMatchObject({ kind: "fault", code: "owner_offline" });
  const version = await buildPersona(stranger.device, { personaId, version: 2, name: "Taken over" });
  expect((await putPersona(stranger.device, version)).status).toBe(404);
  expect((await stranger.device.send("DELETE", `/personas/${personaId}`)).status).toBe(404);
  await connect(person, answerWith("true"));
  expect(await call(person)).toEqual({ kind: "result", text: "true" });
  expect(received).toEqual([]);
});
