import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { createDeviceDirectory } from "../devices/device-directory.ts";
import type { PendingSignIn } from "../oauth/interactions.ts";
import { createPublishedPersonas } from "../personas/published-personas.ts";
import { revokeKeyRow, updateKey } from "../store/access-keys.ts";
import { insertGrant } from "../store/grants.ts";
import { toToolRefs } from "../inbound/tool-refs.ts";
import { createOwner } from "../test-support/owner.ts";
import { testVersion } from "../test-support/test-persona.ts";
import { decideConsent } from "./decide-consent.ts";
import { loadAccount } from "./load-account.ts";
import { loadConsent } from "./load-consent.ts";
import type { Identity } from "./progress.ts";
import { createStepUps } from "../inbound/step-ups.ts";

const inbound = { accessKeys: true, interactive: true };

async function start() {
  const owner = await createOwner();
  const { store, userId, device } = owner;
  const personas = createPublishedPersonas(store);
  const clock = { now: 1_000 };
  const now = (): number => clock.now;
  const stepUps = createStepUps({ now });
  const deps = { store, personas, devices: createDeviceDirectory(store), now, signIns: { stepUps } };
  const person: Identity = { kind: "person", userId, deviceId: device.deviceId };
  return {
    owner,
    deps,
    clock,
    person,
    consent: async (identity: Identity, asked: PendingSignIn, chosen: string | null = null) => {
      const account = await loadAccount(deps, identity);
      if (account === null) throw new Error("no account");
      return { account, consent: await loadConsent(deps, asked, { account, chosen }) };
    },
    [Symbol.asyncDispose]: () => store.close(),
  };
}

const pending = (change: Partial<PendingSignIn> = {}): PendingSignIn => ({
  uid: "uid-uid-uid",
  nonce: "nonce-nonce-nonce",
  client: { clientId: "c1", name: "C", redirectUri: "https://c.example/cb", redirectHost: "c.example", kind: "https" },
  resource: "https://relay.example/mcp",
  personaId: null,
  scopes: ["read", "write", "destructive"],
  ...change,
});

test("asks with reading and writing ticked, never with deleting, and leaves out tools set to never", async () => {
  await using relay = await start();
  const { personaId } = await relay.owner.publish({ inbound });
  const { consent } = await relay.consent(relay.person, pending({ personaId }));
  expect(consent.scopes.map(({ scope, chosen, tools }) => [scope, chosen, tools.map(({ name }) => name)])).toEqual([
    ["read", true, ["Echo_say"]],
    ["write", true, ["Echo_post"]],
    ["destructive", false, ["Echo_wipe"]],
  ]);
  expect(consent.live).toBe(true);
});

test("offers only one's own personas that take sign-ins, and chooses none of several by itself", async () => {
  await using relay = await start();
  await relay.owner.publish({ inbound, name: "B" });
  const first = await relay.owner.publish({ inbound, name: "A" });
  await relay.owner.publish({ name: "Keys only" });
  const { consent } = await relay.consent(relay.person, pending());
  expect(consent.personas.map(({ version }) => version.name)).toEqual(["A", "B"]);
  expect(consent).toMatchObject({ persona: null, changeable: true });
  const chosen = await relay.consent(relay.person, pending(), first.personaId);
  expect(chosen.consent.persona?.personaId).toBe(first.personaId);
  const stranger = await relay.consent(relay.person, pending(), createId("persona"));
  expect(stranger.consent.persona).toBeNull();
});

test("is filled with what this person last allowed this client", async () => {
  await using relay = await start();
  const { personaId } = await relay.owner.publish({ inbound });
  await relay.owner.publish({ inbound, name: "Another" });
  const grant = { personaId, userId: relay.owner.userId, keyId: null, clientName: "C", redirectHost: "c.example" };
  const times = { createdAt: 1, expiresAt: 9_000 };
  const choices = {
    scopes: ["read", "destructive"] as const,
    tools: toToolRefs(["Echo_say"], testVersion(relay.owner.device.deviceId)),
  };
  const resource = "https://relay.example/mcp";
  await insertGrant(relay.owner.store.db, {
    ...grant,
    ...times,
    ...choices,
    resource,
    grantId: createId("grant"),
    clientId: "c1",
  });
  const { consent } = await relay.consent(relay.person, pending());
  expect(consent.persona?.personaId).toBe(personaId);
  expect(consent.live).toBe(false);
  expect(consent.scopes.map(({ chosen, tools }) => [chosen, tools[0]?.chosen])).toEqual([
    [true, true],
    [false, false],
    [true, false],
  ]);
  const other = await relay.consent(relay.person, pending({ client: { ...pending().client, clientId: "c2" } }));
  expect(other.consent.persona).toBeNull();
});

test("ticks and marks what a call was refused for want of, for a while, and never ticks deleting for it", async () => {
  await using relay = await start();
  const { personaId } = await relay.owner.publish({ inbound });
  const grantId = createId("grant");
  await insertGrant(relay.owner.store.db, {
    grantId,
    personaId,
    userId: relay.owner.userId,
    keyId: null,
    clientId: "c1",
    clientName: "C",
    redirectHost: "c.example",
    resource: "https://relay.example/mcp",
    scopes: ["read"],
    tools: null,
    createdAt: 1,
    expiresAt: 9_000,
  });
  const ticked = async () => {
    const { consent } = await relay.consent(relay.person, pending({ personaId }));
    return consent.scopes.map(({ chosen, needed }) => [chosen, needed]);
  };
  const { stepUps } = relay.deps.signIns;
  stepUps.refused(createId("grant"), ["write"]);
  expect(await ticked()).toEqual([
    [true, false],
    [false, false],
    [false, false],
  ]);
  stepUps.refused(grantId, ["write", "destructive"]);
  expect(await ticked()).toEqual([
    [true, false],
    [true, true],
    [false, true],
  ]);
  relay.clock.now += 15 * 60_000;
  expect((await ticked())[1]).toEqual([false, false]);
});

test("allows what was ticked and was offered, never more", async () => {
  await using relay = await start();
  const { personaId } = await relay.owner.publish({ inbound });
  const { account, consent } = await relay.consent(relay.person, pending({ personaId, scopes: ["read", "write"] }));
  const form = { persona: personaId, scopes: ["read", "destructive"] as const, live: true, tools: ["Echo_wipe"] };
  expect(decideConsent(consent, account, form)).toEqual({
    userId: relay.owner.userId,
    keyId: null,
    personaId,
    scopes: ["read"],
    tools: null,
  });
  const frozen = { ...form, live: false, tools: ["Echo_say", "Echo_post", "Echo_wipe", "no_such"] };
  expect(decideConsent(consent, account, frozen)?.tools).toEqual(["Echo_say"]);
  for (const nothing of [
    { ...form, scopes: [] },
    { ...form, scopes: ["destructive" as const] },
    { ...frozen, tools: ["Echo_post"] },
    { ...form, persona: createId("persona") },
  ]) {
    expect(decideConsent(consent, account, nothing)).toBeNull();
  }
});

test("a key's holder is offered the key's persona, scopes and tools only, frozen when the key is", async () => {
  await using relay = await start();
  const { personaId } = await relay.owner.publish({ inbound });
  await relay.owner.publish({ inbound, name: "Another" });
  const { keyId } = await relay.owner.key(personaId, { scopes: ["read", "write"], tools: ["Echo_post", "Echo_wipe"] });
  const identity: Identity = { kind: "key", userId: relay.owner.userId, keyId };
  const { account, consent } = await relay.consent(identity, pending());
  expect(consent.personas.map((persona) => persona.personaId)).toEqual([personaId]);
  expect(consent).toMatchObject({ live: null, changeable: false });
  expect(consent.scopes.map(({ scope, tools }) => [scope, tools.map(({ name }) => name)])).toEqual([
    ["read", []],
    ["write", ["Echo_post"]],
  ]);
  const form = { persona: personaId, scopes: ["read", "write"] as const, live: true, tools: ["Echo_post", "Echo_say"] };
  expect(decideConsent(consent, account, form)).toMatchObject({ keyId, tools: ["Echo_post"] });
});

test("a key that was disabled or revoked, and a browser that was removed, are nobody", async () => {
  await using relay = await start();
  const { personaId } = await relay.owner.publish({ inbound });
  const [disabled, revoked] = [await relay.owner.key(personaId), await relay.owner.key(personaId)];
  const { userId, store } = relay.owner;
  await updateKey(store.db, disabled.keyId, { disabledAt: 1 });
  await revokeKeyRow(store.db, revoked.keyId, 1);
  for (const { keyId } of [disabled, revoked]) {
    expect(await loadAccount(relay.deps, { kind: "key", userId, keyId })).toBeNull();
  }
  expect(await loadAccount(relay.deps, { ...relay.person, deviceId: createId("device") })).toBeNull();
});
