import { apiErrorSchema } from "@agent-personas/shared/api/devices";
import { signPairingProof } from "@agent-personas/shared/oauth/device-token";
import { expect, test } from "vitest";
import { createTestDevice, type Answer } from "../test-support/paired-device.ts";
import { startTestRelay } from "../test-support/whole-relay.ts";

const codeOf = (answer: Answer): string => apiErrorSchema.parse(answer.body).error.code;
const OTHER_CODE = "a".repeat(26);

test("the set-up code makes the first device an administrator's, once", async () => {
  await using relay = await startTestRelay();
  const first = await createTestDevice(relay.url, relay.clock);
  const paired = await first.pair(relay.relay.setupCode ?? "", { personName: "Ada" });
  expect(paired).toMatchObject({ state: "paired", user: { name: "Ada", administrator: true } });
  expect(paired.state === "paired" && paired.recoveryCode).toMatch(/^[a-z2-7-]{31}$/u);

  const second = await createTestDevice(relay.url, relay.clock);
  const refused = await second.tryPair(relay.relay.setupCode ?? "");
  expect([refused.status, codeOf(refused)]).toEqual([403, "pairing_code_invalid"]);
});

test("of many devices with the same code one is paired", async () => {
  await using relay = await startTestRelay();
  const devices = await Promise.all(Array.from({ length: 8 }, () => createTestDevice(relay.url, relay.clock)));
  const answers = await Promise.all(devices.map((device) => device.tryPair(relay.relay.setupCode ?? "")));
  expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, ...Array(7).fill(403)]);
});

test("a wrong code and a code that is none are refused", async () => {
  await using relay = await startTestRelay();
  const device = await createTestDevice(relay.url, relay.clock);
  expect(codeOf(await device.tryPair(OTHER_CODE))).toBe("pairing_code_invalid");
  const { status } = await fetch(`${relay.url}/api/v1/devices`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: "hello", deviceName: "x", publicKey: device.publicKey, proof: "x" }),
  });
  expect(status).toBe(400);
});

test("a proof by another key, over another code or for another relay pairs nothing and uses nothing up", async () => {
  await using relay = await startTestRelay();
  const code = (relay.relay.setupCode ?? "").replaceAll("-", "");
  const device = await createTestDevice(relay.url, relay.clock);
  const other = await createTestDevice(relay.url, relay.clock);
  const proofs = [
    await signPairingProof(other, { code, origin: relay.url }),
    await signPairingProof({ ...device, privateKey: other.privateKey }, { code, origin: relay.url }),
    await signPairingProof(device, { code: OTHER_CODE, origin: relay.url }),
    await signPairingProof(device, { code, origin: "https://evil.example" }),
  ];
  for (const proof of proofs) {
    const refused = await device.tryPair(code, { proof });
    expect([refused.status, codeOf(refused)]).toEqual([400, "pairing_proof_invalid"]);
  }
  expect((await device.tryPair(code)).status).toBe(201);
});

test("codes may be pasted with dashes, spaces and capitals", async () => {
  await using relay = await startTestRelay();
  const device = await createTestDevice(relay.url, relay.clock);
  const pasted = ` ${(relay.relay.setupCode ?? "").toUpperCase().replaceAll("-", " ")} `;
  expect((await device.tryPair(pasted)).status).toBe(201);
});

test("the recovery code adds a device of the same person and is replaced by a new one", async () => {
  await using relay = await startTestRelay();
  const first = await createTestDevice(relay.url, relay.clock);
  const paired = await first.pair(relay.relay.setupCode ?? "");
  const recoveryCode = (paired.state === "paired" && paired.recoveryCode) || "";
  const second = await createTestDevice(relay.url, relay.clock);
  const recovered = await second.pair(recoveryCode);
  expect(recovered).toMatchObject({ state: "paired", user: { userId: first.userId() } });
  const next = (recovered.state === "paired" && recovered.recoveryCode) || "";
  expect(next).not.toBe(recoveryCode);

  const third = await createTestDevice(relay.url, relay.clock);
  expect(codeOf(await third.tryPair(recoveryCode))).toBe("pairing_code_invalid");
  expect((await third.tryPair(next)).status).toBe(201);
});

test("a renewed recovery code ends the one before", async () => {
  await using relay = await startTestRelay();
  const first = await createTestDevice(relay.url, relay.clock);
  const paired = await first.pair(relay.relay.setupCode ?? "");
  const before = (paired.state === "paired" && paired.recoveryCode) || "";
  const renewed = await first.send("POST", "/recovery-codes", {});
  expect(renewed).toMatchObject({ status: 201, body: { recoveryCode: expect.any(String) } });
  const second = await createTestDevice(relay.url, relay.clock);
  expect(codeOf(await second.tryPair(before))).toBe("pairing_code_invalid");
});

test("a key that is paired cannot pair again", async () => {
  await using relay = await startTestRelay();
  const device = await relay.pairFirst();
  expect(codeOf(await device.tryPair(OTHER_CODE))).toBe("already_paired");
});

test("attempts are limited per address", async () => {
  await using relay = await startTestRelay();
  const device = await createTestDevice(relay.url, relay.clock);
  const answers: Answer[] = [];
  for (let attempt = 0; attempt < 21; attempt += 1) answers.push(await device.tryPair(OTHER_CODE));
  const last = answers.at(-1);
  expect(answers.slice(0, 20).every((answer) => answer.status === 403)).toBe(true);
  expect([last?.status, last && codeOf(last)]).toEqual([429, "rate_limited"]);
  // Said by the client, not by a proxy that the relay was told to trust.
  const elsewhere = await fetch(`${relay.url}/api/v1/devices`, {
    method: "POST",
    headers: { "x-forwarded-for": "10.9.8.7" },
  });
  expect(elsewhere.status).toBe(429);
  expect(Number(last?.headers.get("retry-after"))).toBeGreaterThan(0);
});
