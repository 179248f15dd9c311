import { createTestDevice, type TestDevice } from "@agent-personas/relay/test-support/paired-device";
import { buildPersona, putPersona } from "@agent-personas/relay/test-support/signed-persona";
import { createdKeySchema, storedPersonaSchema } from "@agent-personas/shared/api/personas";
import { SCOPES } from "@agent-personas/shared/persona/scope";
import { endpointUrl, keyEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import { startTestRelay, type TestRelay } from "./relay.ts";

export type DeployedPersona = { personaId: string; slug: string; endpoint: string; keyEndpoint: string };

/** A relay whose one person has personas and keys but no browser: enough for everything up to `tools/list`. */
export type PersonRelay = {
  relay: TestRelay;
  device: TestDevice;
  /** What relay and device take for the time; tests move it. */
  clock: { now: number };
  deploy: (name?: string) => Promise<DeployedPersona>;
  createKey: (personaId: string) => Promise<string>;
} & AsyncDisposable;

export async function startPersonRelay(
  options: Omit<Parameters<typeof startTestRelay>[0] & object, "now"> = {},
): Promise<PersonRelay> {
  const clock = { now: Date.now() };
  const relay = await startTestRelay({ ...options, now: () => clock.now });
  const device = await createTestDevice(relay.url, clock);
  await device.pair(relay.setupCode ?? "", { personName: "Ada" });
  return {
    relay,
    device,
    clock,
    async deploy(name = "Release Bot") {
      const inbound = { accessKeys: true, interactive: true };
      const version = await buildPersona(device, { name, inbound });
      const answer = await putPersona(device, version);
      const { personaId, slug } = storedPersonaSchema.parse(answer.body);
      return { personaId, slug, endpoint: endpointUrl(relay.url, slug), keyEndpoint: keyEndpointUrl(relay.url, slug) };
    },
    async createKey(personaId) {
      const key = { name: "Pasted", expires: "never", scopes: [...SCOPES], tools: null, deviceId: null };
      const answer = await device.send("POST", `/personas/${personaId}/keys`, key);
      return createdKeySchema.parse(answer.body).secret;
    },
    [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose](),
  };
}
