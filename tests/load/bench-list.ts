import { buildPersona, putPersona } from "@agent-personas/relay/test-support/signed-persona";
import { createdKeySchema, storedPersonaSchema } from "@agent-personas/shared/api/personas";
import { pinTool } from "@agent-personas/shared/persona/tool-definition";
import { keyEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import { startRawDevices, type RawPerson } from "../support/raw-devices.ts";
import { compare } from "./compare.ts";
import { createPoster, mcpRequest } from "./post-json.ts";

const SIZES = [10, 100, 1_000];

/** `tools/list` of personas of several sizes, beside the least that the relay answers at all. */
export async function benchList() {
  await using world = await startRawDevices(1, {});
  const [person] = world.people;
  if (person === undefined) throw new Error("There is nobody.");
  using poster = createPoster();
  const ways: Record<string, () => Promise<unknown>> = {
    "health check": async () => (await fetch(`${world.url}/healthz`)).text(),
  };
  for (const size of SIZES) {
    const { url, accessKey } = await publish(world.url, person, size);
    const list = mcpRequest(accessKey, "tools/list", {});
    ways[`${size} tools`] = () => poster.post(url, list.headers, list.body);
  }
  return await compare(ways, { count: 150, atOnce: 1, warmUp: 20 });
}

async function publish(relayUrl: string, { device }: RawPerson, size: number) {
  const sample = await buildPersona(device);
  const [slot] = sample.slots;
  if (slot === undefined) throw new Error("The sample has no slot.");
  const tools = await Promise.all(Array.from({ length: size }, (_, number) => toolOf(slot.slotId, number)));
  const answer = await putPersona(device, { ...sample, name: `With ${size}`, tools });
  const { personaId, slug } = storedPersonaSchema.parse(answer.body);
  const key = { name: "Bench", expires: "never", scopes: ["read"], tools: null, deviceId: null };
  const created = await device.send("POST", `/personas/${personaId}/keys`, key);
  return { url: keyEndpointUrl(relayUrl, slug), accessKey: createdKeySchema.parse(created.body).secret };
}

async function toolOf(slotId: string, number: number) {
  const name = `tool_${number}`;
  const field = { type: "string", description: "One of the arguments that a tool of this kind usually has." };
  const definition = {
    name,
    description: "Does something of use with what it is given, and says what it did. ".repeat(3),
    inputSchema: { type: "object" as const, properties: { one: field, two: field, three: field }, required: ["one"] },
  };
  const pin = await pinTool(definition);
  const riskClass = "read" as const;
  return { slotId, originalName: name, exposedName: `Sample_${name}`, riskClass, overrides: {}, pin, definition };
}
