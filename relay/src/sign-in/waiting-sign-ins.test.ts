import { expect, test } from "vitest";
import { createWaitingSignIns } from "./waiting-sign-ins.ts";

const ada = { userId: "user-a", deviceId: "device-a" };
const request = {
  client: { name: "Claude", redirectHost: "claude.ai" },
  place: "Firefox on Linux at 192.0.2.1",
  personaId: null,
  scopes: ["read" as const],
};

function waiting() {
  const clock = { now: 1_000 };
  return { clock, ...createWaitingSignIns({ now: () => clock.now }) };
}

test("only the Allow of the device that made the code leads on, once", () => {
  const { open, decide, state, ofDevice } = waiting();
  const { signInId } = open(ada, request) ?? { signInId: "" };
  expect(ofDevice("device-a")).toMatchObject([{ ...request, signInId, expiresAt: 301_000 }]);
  expect(ofDevice("device-b")).toEqual([]);
  expect(decide("device-b", signInId, true)).toBe(false);
  expect(state(signInId)).toEqual({ kind: "waiting" });
  expect(decide("device-a", signInId, true)).toBe(true);
  expect(state(signInId)).toEqual({ kind: "allowed", owner: ada });
  expect(ofDevice("device-a")).toEqual([]);
  expect(decide("device-a", signInId, false)).toBe(false);
});

test("denied, forgotten, late and unknown ones are over", () => {
  const { open, decide, state, forget, clock } = waiting();
  const [denied, forgotten, late] = [open(ada, request), open(ada, request), open(ada, request)].map(
    (signIn) => signIn?.signInId ?? "",
  );
  decide("device-a", denied ?? "", false);
  forget(forgotten ?? "");
  clock.now += 300_000;
  for (const id of [denied, forgotten, late, "signin_unknown"]) expect(state(id ?? "")).toEqual({ kind: "over" });
  expect(decide("device-a", late ?? "", true)).toBe(false);
});

test("a device has ten open ones at most, and another device its own", () => {
  const { open } = waiting();
  expect(Array.from({ length: 11 }, () => open(ada, request) !== null).filter(Boolean)).toHaveLength(10);
  expect(open({ ...ada, deviceId: "device-b" }, request)).not.toBeNull();
});
