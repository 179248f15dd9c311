import "fake-indexeddb/auto";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../db/database.ts";
import { createRelayApi } from "../../lib/relay-api.ts";
import { createDeviceKey } from "../../test-support/device-key.ts";
import { memorySessionStore } from "../../test-support/memory-session-store.ts";
import { createKeptCode } from "./sign-in-code.ts";
import { createSignInsService } from "./sign-ins-service.ts";
import { createWaitingSignIns } from "./waiting-sign-ins.ts";

const NOW = 1_000_000;
/** The relay's clock is ahead by this much. */
const OFFSET = 30_000;

async function setUp(answers: Record<string, unknown>) {
  const db = openDatabase(`test-${createId("db")}`);
  onTestFinished(() => db.delete());
  const { publicKey, privateKey } = await createDeviceKey();
  const deviceId = createId("device");
  await db.relay.put({
    id: "relay",
    relayUrl: "http://127.0.0.1:1",
    relayId: "relay1",
    user: { userId: createId("user"), name: "Ada", administrator: true },
    device: { deviceId, name: "Desk", publicKey, fingerprint: "f" },
    pairedAt: 1,
    clockOffset: OFFSET,
  });
  const asked: string[] = [];
  let now = NOW;
  const api = createRelayApi({
    identity: {
      load: () => Promise.resolve({ relayUrl: "http://127.0.0.1:1", deviceId, privateKey, clockOffset: OFFSET }),
      keepClockOffset: () => Promise.resolve(),
    },
    fetch: (url, init) => {
      const line = `${init?.method ?? "GET"} ${new Request(url).url.replace("http://127.0.0.1:1", "")}`;
      asked.push(typeof init?.body === "string" ? `${line} ${init.body}` : line);
      const answer = answers[line] ?? null;
      return Promise.resolve(answer instanceof Response ? answer : Response.json(answer));
    },
    now: () => now,
  });
  const kept = createKeptCode(memorySessionStore());
  const waiting = createWaitingSignIns({ db, api, announce: () => undefined, now: () => now });
  const service = createSignInsService({ db, api, kept, waiting, now: () => now });
  return { db, asked, kept, service, pass: (ms: number) => (now += ms) };
}

test("shows one code until it is over or used, by this device's clock", async () => {
  const { service, kept, pass } = await setUp({
    "POST /api/v1/sign-in-codes": { code: "ABCDEFGH", expiresAt: NOW + OFFSET + 120_000 },
  });
  expect(await service["sign-ins.code"]({ fresh: false })).toBe(null);
  const made = { code: "ABCDEFGH", expiresAt: NOW + 120_000 };
  expect(await service["sign-ins.code"]({ fresh: true })).toEqual(made);
  expect(await service["sign-ins.code"]({ fresh: false })).toEqual(made);
  await kept.drop();
  expect(await service["sign-ins.code"]({ fresh: false })).toBe(null);
  await service["sign-ins.code"]({ fresh: true });
  pass(120_000);
  expect(await service["sign-ins.code"]({ fresh: false })).toBe(null);
});

const signInId = createId("signin");
const signIn = {
  signInId,
  client: { name: "Cursor", redirectHost: "cursor:" },
  place: "192.0.2.7",
  personaId: null,
  scopes: ["read"],
  expiresAt: NOW + OFFSET + 60_000,
};

test("sends the person's answer and forgets the sign-in", async () => {
  const { db, asked, service } = await setUp({ "GET /api/v1/sign-ins": { signIns: [signIn] } });
  await service["sign-ins.refresh"]({});
  expect((await db.signIns.get(signInId))?.expiresAt).toBe(NOW + 60_000);
  await service["sign-ins.decide"]({ signInId, allow: false });
  expect(asked.at(-1)).toBe(`POST /api/v1/sign-ins/${signInId}/decision {"allow":false}`);
  expect(await db.signIns.count()).toBe(0);
});

test("forgets a sign-in that is over by the time of the answer, and says so", async () => {
  const error = {
    code: "sign_in_not_found",
    message: "m",
    next: "n",
    help: "h",
    requestId: "r",
    detail: {},
    serverTime: NOW,
  };
  const { db, service } = await setUp({
    "GET /api/v1/sign-ins": { signIns: [signIn] },
    [`POST /api/v1/sign-ins/${signInId}/decision`]: Response.json({ error }, { status: 404 }),
  });
  await service["sign-ins.refresh"]({});
  await expect(service["sign-ins.decide"]({ signInId, allow: true })).rejects.toMatchObject({
    code: "sign_in_not_found",
  });
  expect(await db.signIns.count()).toBe(0);
});
