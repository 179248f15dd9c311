import "fake-indexeddb/auto";
import type { Device, LinkOutcome, LinkState, PairResponse } from "@agent-personas/shared/api/devices";
import { isAppError } from "@agent-personas/shared/errors/app-error";
import { verifyPairingProof } from "@agent-personas/shared/oauth/device-token";
import { keyFingerprint, type PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { openDatabase } from "../../db/database.ts";
import { createDeviceKey } from "../../test-support/device-key.ts";
import { memorySessionStore } from "../../test-support/memory-session-store.ts";
import { appRow } from "../../test-support/rows.ts";
import { createRelayApi, type RelayApi } from "../../lib/relay-api.ts";
import { forgetRelay } from "./forget-relay.ts";
import { createIdentityRepository } from "./identity-repository.ts";
import { createOnboardingService } from "./onboarding-service.ts";
import { createPendingPairings } from "./pending-pairing.ts";

const RELAY = "http://127.0.0.1:1";
const CODE = "abcdefghijklmnopqrstuvwxyz";

const makeKey = async (): Promise<PublicKey> => (await createDeviceKey()).publicKey;

const deviceOf = (publicKey: PublicKey): Device => ({
  deviceId: createId("device"),
  name: "Laptop",
  publicKey,
  fingerprint: "AAAA-AAAA-AAAA-AAAA-AAAA",
  createdAt: 1,
  lastSeenAt: null,
  preferred: false,
  online: false,
});
const user = { userId: createId("user"), name: "Ada", administrator: true };

/** A browser whose relay answers as a test says; what is not said is never asked. */
function setUp(answers: Partial<RelayApi> = {}, options: { mayReach?: boolean } = {}) {
  const db = openDatabase(`test-${createId("db")}`);
  const identity = createIdentityRepository(db);
  const api: RelayApi = {
    ...createRelayApi({ identity, fetch: () => Promise.reject(new TypeError("no network")), now: Date.now }),
    info: () => Promise.resolve({ relayId: "relay1", publicUrl: RELAY, version: "1", serverTime: Date.now() + 5_000 }),
    ...answers,
  };
  let changes = 0;
  const service = createOnboardingService({
    db,
    api,
    identity,
    pending: createPendingPairings(memorySessionStore()),
    mayReach: () => Promise.resolve(options.mayReach ?? true),
    forgetRelay: () => forgetRelay(db),
    onIdentityChanged: () => {
      changes += 1;
    },
    now: Date.now,
  });
  return { db, identity, service, changes: () => changes };
}

const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  return isAppError(error) ? error.code : "none";
};

const pairing = { relayUrl: `${RELAY}/`, code: "ABCDE-fghij-klmno-pqrst-uvwxy-z", deviceName: "Laptop" };

/** What a paired browser's link carries: the code and that browser's fingerprint. */
const linkFor = async (publicKey: PublicKey) => ({
  ...pairing,
  code: `${pairing.code}-${await keyFingerprint(publicKey)}`,
});

test("pairs by proving its own key over code and relay, and keeps relay, person and clock", async () => {
  const { db, identity, service, changes } = setUp({
    pair: async (_url, { code, proof, publicKey }): Promise<PairResponse> => {
      await verifyPairingProof(proof, { code: CODE, origin: RELAY, publicKey });
      expect(code).toBe(CODE);
      return { state: "paired", device: deviceOf(publicKey), user, recoveryCode: "once" };
    },
  });
  expect(await service["relay.pair"](pairing)).toEqual({ state: "paired", recoveryCode: "once" });
  const row = await db.relay.get("relay");
  expect(row).toMatchObject({ relayUrl: RELAY, relayId: "relay1", user });
  expect(Math.abs((row?.clockOffset ?? 0) - 5_000)).toBeLessThan(500);
  expect(row?.device.fingerprint).toBe(await keyFingerprint((await identity.ensureKey()).publicKey));
  expect((await db.deviceKey.get("device"))?.privateKey.extractable).toBe(false);
  expect(changes()).toBe(1);
  expect(await codeOf(service["relay.pair"](pairing))).toBe("already_paired");
});

test("sends nothing to an address that is not secure, and no proof to a relay that calls itself otherwise", async () => {
  const { service } = setUp({
    info: () => Promise.resolve({ relayId: "x", publicUrl: "https://good.example", version: "1", serverTime: 1 }),
  });
  expect(await codeOf(service["relay.inspect"]({ relayUrl: "http://relay.example" }))).toBe("relay_insecure");
  expect(await codeOf(service["relay.pair"](pairing))).toBe("invalid_request");
});

test("asks for the browser's permission and a well-formed code before it sends either", async () => {
  expect(await codeOf(setUp({}, { mayReach: false }).service["relay.pair"](pairing))).toBe("connect_permission");
  expect(await codeOf(setUp().service["relay.pair"]({ ...pairing, code: "short" }))).toBe("pairing_code_invalid");
});

test("refuses to be paired under another key than its own", async () => {
  const other = await makeKey();
  const { db, service } = setUp({
    pair: () => Promise.resolve({ state: "paired", device: deviceOf(other), user, recoveryCode: null }),
  });
  expect(await codeOf(service["relay.pair"](pairing))).toBe("pairing_proof_invalid");
  expect(await db.relay.count()).toBe(0);
});

test("by a link: shows fingerprints it computed, trusts the approver only when paired", async () => {
  const approver = deviceOf(await makeKey());
  const linkId = createId("link");
  let outcome: LinkOutcome = { state: "pending" };
  const { db, identity, service } = setUp({
    pair: () =>
      Promise.resolve({
        state: "pending",
        linkId,
        expiresAt: 9,
        approver: {
          deviceId: approver.deviceId,
          name: approver.name,
          publicKey: approver.publicKey,
          fingerprint: "LIES-LIES-LIES-LIES-LIES",
        },
      }),
    linkOutcome: () => Promise.resolve(outcome),
  });
  const asked = await service["relay.pair"](await linkFor(approver.publicKey));
  const { publicKey } = await identity.ensureKey();
  expect(asked).toMatchObject({
    state: "pending",
    ownFingerprint: await keyFingerprint(publicKey),
    approver: { name: "Laptop", fingerprint: await keyFingerprint(approver.publicKey) },
  });
  expect(await service["relay.pairing-outcome"]({ linkId })).toEqual({ state: "pending" });
  expect(await db.trustedDevices.count()).toBe(0);
  outcome = { state: "paired", device: deviceOf(publicKey), user, recoveryCode: null };
  expect(await service["relay.pairing-outcome"]({ linkId })).toEqual({ state: "paired" });
  expect(await db.trustedDevices.get(approver.deviceId)).toMatchObject({ publicKey: approver.publicKey });
  expect(await db.relay.count()).toBe(1);
});

test("a relay cannot put its own key in the place of the browser that made the link", async () => {
  const approver = await makeKey();
  const relayOwn = deviceOf(await makeKey());
  const linkId = createId("link");
  const { deviceId, name, publicKey } = relayOwn;
  const pending: PairResponse = {
    state: "pending",
    linkId,
    expiresAt: 9,
    approver: { deviceId, name, publicKey, fingerprint: await keyFingerprint(approver) },
  };
  const { db, identity, service } = setUp({
    pair: () => Promise.resolve(pending),
    linkOutcome: async () => ({
      state: "paired",
      device: deviceOf((await identity.ensureKey()).publicKey),
      user,
      recoveryCode: null,
    }),
  });
  expect(await codeOf(service["relay.pair"](await linkFor(approver)))).toBe("pairing_link_mismatch");
  expect(await codeOf(service["relay.pair"](pairing))).toBe("pairing_link_mismatch");
  await service["relay.pairing-outcome"]({ linkId });
  expect([await db.trustedDevices.count(), await db.relay.count()]).toEqual([0, 0]);
});

test("the link is made here: it leads to the own relay and names the own key, whatever the relay answers", async () => {
  const { db, identity, service } = setUp({
    pair: (_url, { publicKey }) =>
      Promise.resolve({ state: "paired", device: deviceOf(publicKey), user, recoveryCode: null }),
    createLink: () =>
      Promise.resolve({
        linkId: createId("link"),
        code: pairing.code,
        link: "https://evil.example/pair#x",
        expiresAt: 9,
      }),
  });
  await service["relay.pair"](pairing);
  const created = await service["relay.create-link"]({});
  const fingerprint = await keyFingerprint((await identity.ensureKey()).publicKey);
  expect(created.link).toBe(`${RELAY}/pair#${CODE}${fingerprint.replaceAll("-", "").toLowerCase()}`);
  expect(created.code).toBe(`${pairing.code}-${fingerprint.toLowerCase()}`);
  expect(await db.relay.count()).toBe(1);
});

test("a link that is confirmed late does not replace the relay that was paired meanwhile", async () => {
  const approver = deviceOf(await makeKey());
  const linkId = createId("link");
  const { deviceId, name, publicKey } = approver;
  let answers = 0;
  const { db, identity, service } = setUp({
    pair: async (_url, body) => {
      answers += 1;
      if (answers > 1) return { state: "paired", device: deviceOf(body.publicKey), user, recoveryCode: null };
      return { state: "pending", linkId, expiresAt: 9, approver: { deviceId, name, publicKey, fingerprint: "" } };
    },
    linkOutcome: async () => {
      // Asked before the other pairing ends, answered after it.
      await service["relay.pair"](pairing);
      const device = deviceOf((await identity.ensureKey()).publicKey);
      return { state: "paired", device, user, recoveryCode: null };
    },
  });
  await service["relay.pair"](await linkFor(publicKey));
  expect(await codeOf(service["relay.pairing-outcome"]({ linkId }))).toBe("already_paired");
  expect(await db.trustedDevices.count()).toBe(0);
  expect(await service["relay.pairing-outcome"]({ linkId })).toEqual({ state: "paired" });
});

test("a denied link leaves no trust behind", async () => {
  const { publicKey, deviceId, name } = deviceOf(await makeKey());
  const linkId = createId("link");
  const { db, service } = setUp({
    pair: () =>
      Promise.resolve({
        state: "pending",
        linkId,
        expiresAt: 9,
        approver: { deviceId, name, publicKey, fingerprint: "" },
      }),
    linkOutcome: () => Promise.resolve({ state: "denied" }),
  });
  await service["relay.pair"](await linkFor(publicKey));
  expect(await service["relay.pairing-outcome"]({ linkId })).toEqual({ state: "denied" });
  expect(await db.trustedDevices.count()).toBe(0);
  expect(await db.relay.count()).toBe(0);
});

test("trusts the very key whose fingerprint the person confirmed, and sends no approval for another", async () => {
  const asking = await makeKey();
  const swapped = await makeKey();
  const fingerprint = await keyFingerprint(asking);
  const linkId = createId("link");
  let state: LinkState = { state: "requested", name: "Phone", publicKey: swapped, fingerprint };
  const decisions: unknown[] = [];
  const { db, service } = setUp({
    linkState: () => Promise.resolve(state),
    decideLink: (_linkId, decision) => {
      decisions.push(decision);
      state = { state: "approved", device: deviceOf(swapped) };
      return Promise.resolve(null);
    },
  });
  const decide = () => service["relay.decide-link"]({ linkId, approve: true, fingerprint });
  expect(await codeOf(decide())).toBe("pairing_link_closed");
  expect(decisions).toEqual([]);
  state = { state: "requested", name: "Phone", publicKey: asking, fingerprint: "LIES" };
  await decide();
  expect(decisions).toEqual([{ approve: true, fingerprint }]);
  const [trusted] = await db.trustedDevices.toArray();
  expect(trusted?.publicKey).toEqual(asking);
});

test("unpairs although the relay is away, destroys its key, and keeps apps and connections", async () => {
  const { db, service, changes } = setUp({
    pair: (_url, { publicKey }) =>
      Promise.resolve({ state: "paired", device: deviceOf(publicKey), user, recoveryCode: null }),
  });
  await service["relay.pair"](pairing);
  await db.apps.put(appRow());
  await db.bindings.put({ personaId: "p", slotId: "s", connectionId: "c" });
  await service["relay.unpair"]({});
  expect(await db.relay.count()).toBe(0);
  expect(await db.deviceKey.count()).toBe(0);
  expect(await db.bindings.count()).toBe(0);
  expect(await db.apps.count()).toBe(1);
  expect(changes()).toBe(2);
  expect(await codeOf(service["relay.unpair"]({}))).toBe("not_paired");
});
