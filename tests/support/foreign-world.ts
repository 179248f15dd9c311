import { connect } from "node:net";
import type { RequestListener } from "node:http";
import { createForeignIssuer, type ForeignIssuer } from "@agent-personas/relay/test-support/foreign-issuer";
import { buildPersona, putPersona } from "@agent-personas/relay/test-support/signed-persona";
import { connectDevice, deliver, textOutcome, type DeviceSocket } from "@agent-personas/relay/test-support/test-device";
import { storedPersonaSchema } from "@agent-personas/shared/api/personas";
import type { JwtCheck, Passthrough } from "@agent-personas/shared/persona/passthrough";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { passthroughEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import type { Call } from "@agent-personas/shared/tunnel/messages";
import { listen } from "./listen.ts";
import { startPersonRelay, type PersonRelay } from "./person-relay.ts";

const PUBLIC = "93.184.215.14";

export type DeployedPassthrough = { version: PersonaVersion; slug: string; url: string };

/** A relay, the browser of its one person, and somebody else's issuer of tokens; nothing leaves this computer. */
export type ForeignWorld = PersonRelay & {
  issuer: ForeignIssuer;
  /** Where the issuer publishes its keys. */
  keyAddress: string;
  /** What hosts answer; the issuer's own is there. Others do not exist. */
  hosts: Map<string, { addresses: readonly string[]; answer: RequestListener }>;
  /** Every connection that the relay made: the address it took and the host it asked for. */
  dialled: string[];
  /** Calls that reached the browser. */
  calls: Call[];
  /** A passthrough persona whose one app takes forwarded headers. */
  deployPassthrough: (change?: Partial<Passthrough>) => Promise<DeployedPassthrough>;
  /** Saves its next version. */
  change: (persona: DeployedPassthrough, change: Partial<PersonaVersion>) => Promise<DeployedPassthrough>;
  check: (keys?: JwtCheck["keys"]) => JwtCheck;
};

export async function startForeignWorld(): Promise<ForeignWorld> {
  const issuer = await createForeignIssuer();
  const hosts: ForeignWorld["hosts"] = new Map([
    ["login.example", { addresses: [PUBLIC], answer: (_request, response) => void response.end(json(issuer.jwks)) }],
  ]);
  const dialled: string[] = [];
  const listening = await listen((request, response) =>
    hosts.get(request.headers.host ?? "")?.answer(request, response),
  );
  const world = await startPersonRelay({
    network: {
      resolve: async (hostname) => hosts.get(hostname)?.addresses ?? [],
      dial: ({ address, servername }) => {
        dialled.push(`${address} ${servername}`);
        return connect(listening.port, "127.0.0.1");
      },
    },
  });
  const calls: Call[] = [];
  const keys = {
    deviceId: world.device.deviceId(),
    publicKey: world.device.publicKey,
    privateKey: world.device.privateKey,
  };
  const socket: DeviceSocket = await connectDevice(keys, {
    url: world.relay.url,
    publicUrl: world.relay.url,
    now: () => world.clock.now,
    onCall: (call, to) => {
      calls.push(call);
      queueMicrotask(() => deliver(to, call, textOutcome("done")));
      return { accepted: true, needsGo: false };
    },
  });
  const keyAddress = "https://login.example/keys";
  const check: ForeignWorld["check"] = (from = { from: "url", url: keyAddress }) => ({
    keys: from,
    issuer: issuer.issuer,
    audience: null,
  });
  const save = async (version: PersonaVersion): Promise<DeployedPassthrough> => {
    const { slug } = storedPersonaSchema.parse((await putPersona(world.device, version)).body);
    return { version, slug, url: passthroughEndpointUrl(world.relay.url, slug) };
  };
  return {
    ...world,
    issuer,
    keyAddress,
    hosts,
    dialled,
    calls,
    check,
    async deployPassthrough(change = {}) {
      const asked = { name: "x-api-key", purpose: "Key of the app", required: true, value: null };
      const passthrough: Passthrough = { headers: [asked], jwt: check(), scopes: ["read", "write"], ...change };
      const version = await buildPersona(world.device, {
        inbound: { accessKeys: true, interactive: false, passthrough },
      });
      return save({ ...version, slots: version.slots.map((slot) => ({ ...slot, usesForwardedHeaders: true })) });
    },
    change: ({ version }, change) => save({ ...version, ...change, version: version.version + 1 }),
    async [Symbol.asyncDispose]() {
      socket.disconnect();
      await world[Symbol.asyncDispose]();
      await listening[Symbol.asyncDispose]();
    },
  };
}

const json = (value: unknown): string => JSON.stringify(value);
