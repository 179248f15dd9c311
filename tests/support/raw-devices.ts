import { createTestDevice, type TestDevice } from "@agent-personas/relay/test-support/paired-device";
import { buildPersona, putPersona } from "@agent-personas/relay/test-support/signed-persona";
import { connectDevice, type DeviceSocket } from "@agent-personas/relay/test-support/test-device";
import { createdKeySchema, storedPersonaSchema } from "@agent-personas/shared/api/personas";
import { SCOPES } from "@agent-personas/shared/persona/scope";
import { keyEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import type { Accepted, Call } from "@agent-personas/shared/tunnel/messages";
import type { Endpoint } from "./clients.ts";
import { freePort } from "./free-port.ts";
import { addPeople } from "./people.ts";
import { startRelayProcess, type RelayProcess } from "./relay-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A person whose end of the tunnel a test writes message by message. */
export type RawPerson = {
  device: TestDevice;
  /** Of a persona with the tools `Sample_echo` (read) and `Sample_send` (write). */
  endpoint: Endpoint;
  connect: (onCall?: (call: Call, socket: DeviceSocket) => Accepted | undefined) => Promise<DeviceSocket>;
};

export type RawDevices = { relay: RelayProcess; url: string; people: readonly RawPerson[] } & AsyncDisposable;

/** A relay in a process of its own, so that its memory can be judged, and people without the extension. */
export async function startRawDevices(count: number, env: Record<string, string>): Promise<RawDevices> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const codes = await addPeople(folder.path, count);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const relay = stack.use(await startRelayProcess({ port, publicUrl: url, dataFolder: folder.path, env }));
  const people: RawPerson[] = [];
  const sockets: DeviceSocket[] = [];
  stack.defer(() => sockets.forEach((socket) => socket.disconnect()));
  for (const code of codes) {
    const device = await createTestDevice(url, {
      get now() {
        return Date.now();
      },
    });
    await device.pair(code);
    const endpoint = await publish(url, device);
    people.push({
      device,
      endpoint,
      connect: async (onCall = () => undefined) => {
        const { publicKey, privateKey } = device;
        const keys = { deviceId: device.deviceId(), publicKey, privateKey };
        const socket = await connectDevice(keys, { url, publicUrl: url, onCall, bootId: crypto.randomUUID() });
        sockets.push(socket);
        return socket;
      },
    });
  }
  const life = stack.move();
  return { relay, url, people, [Symbol.asyncDispose]: () => life.disposeAsync() };
}

async function publish(url: string, device: TestDevice): Promise<Endpoint> {
  const answer = await putPersona(device, await buildPersona(device, { name: "Raw" }));
  const { personaId, slug } = storedPersonaSchema.parse(answer.body);
  const key = { name: "Raw", expires: "never", scopes: [...SCOPES], tools: null, deviceId: null };
  const created = await device.send("POST", `/personas/${personaId}/keys`, key);
  return { url: keyEndpointUrl(url, slug), accessKey: createdKeySchema.parse(created.body).secret };
}
