import { exportJWK, generateKeyPair } from "jose";
import { expect, test } from "vitest";
import { createId } from "../primitives/id.ts";
import { publicKeySchema } from "../primitives/fingerprint.ts";
import { signPersona, verifyPersona } from "./persona-signature.ts";
import type { PersonaVersion } from "./persona-version.ts";

async function device() {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { deviceId: createId("device"), publicKey: publicKeySchema.parse({ kty, crv, x, y }), privateKey };
}

const version = (deviceId: string): PersonaVersion => ({
  format: 1,
  personaId: createId("persona"),
  version: 1,
  deviceId,
  savedAt: 1,
  name: "SRE Agent",
  description: "",
  audience: "me",
  status: "active",
  inbound: { accessKeys: true, interactive: false },
  prefixing: true,
  policies: { read: "allow", write: "allow", destructive: "never" },
  slots: [],
  tools: [],
});

test("a version comes back as it was signed", async () => {
  const author = await device();
  const signed = version(author.deviceId);
  expect(await verifyPersona(await signPersona(signed, author.privateKey), author)).toEqual(signed);
});

test("refuses a version signed by another key", async () => {
  const [author, stranger] = await Promise.all([device(), device()]);
  const jws = await signPersona(version(author.deviceId), stranger.privateKey);
  await expect(verifyPersona(jws, author)).rejects.toMatchObject({ code: "persona_signature_invalid" });
});

test("refuses a version that names another device as its author", async () => {
  const [author, other] = await Promise.all([device(), device()]);
  const jws = await signPersona(version(other.deviceId), author.privateKey);
  await expect(verifyPersona(jws, author)).rejects.toMatchObject({ code: "persona_signature_invalid" });
});

test("refuses a changed payload", async () => {
  const author = await device();
  const [head, , tail] = (await signPersona(version(author.deviceId), author.privateKey)).split(".");
  const forged = btoa(JSON.stringify({ ...version(author.deviceId), name: "Mine" })).replaceAll("=", "");
  await expect(verifyPersona(`${head}.${forged}.${tail}`, author)).rejects.toMatchObject({
    code: "persona_signature_invalid",
  });
});

test("refuses a version whose tool names collide", async () => {
  const author = await device();
  const slotId = createId("slot");
  const tool = (originalName: string) => ({
    slotId,
    originalName,
    exposedName: "App_same",
    riskClass: "read" as const,
    overrides: {},
    pin: "0".repeat(64),
    definition: { name: originalName, inputSchema: { type: "object" as const } },
  });
  const colliding = {
    ...version(author.deviceId),
    slots: [{ slotId, appUrl: "https://app.example/mcp", appName: "App", prefix: "App" }],
    tools: [tool("one"), tool("two")],
  };
  const jws = await signPersona(colliding, author.privateKey);
  await expect(verifyPersona(jws, author)).rejects.toMatchObject({ code: "persona_signature_invalid" });
});
