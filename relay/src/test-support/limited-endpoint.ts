import type { PersonaTool, PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Call, Outcome } from "@agent-personas/shared/tunnel/messages";
import { accountInfoSchema, type AccountInfo } from "../mcp/account-info-schema.ts";
import { createOwner, type Owner } from "./owner.ts";
import { startPreparedRelay, type PreparedRelay } from "./prepared-relay.ts";
import { connectDevice, deliver, type DeviceKeys, type DeviceSocket } from "./test-device.ts";

const DONE: Outcome = { kind: "result", result: { content: [{ type: "text", text: "done" }] } };
/** What every request of that era carries. */
export const MODERN = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** The endpoint over a clock of its own, asked in the era without sessions. */
export type LimitedEndpoint = AsyncDisposable & {
  owner: Owner;
  relay: PreparedRelay;
  clock: { now: number };
  slug: string;
  personaId: string;
  /** Sends one request of the era without sessions. */
  send: (
    secret: string,
    method: string,
    params?: Record<string, unknown>,
    slug?: string,
    signal?: AbortSignal,
  ) => Promise<Response>;
  call: (
    secret: string,
    name?: string,
    slug?: string,
  ) => Promise<{ status: number; retryAfter: string | null; text: string }>;
  account: (secret: string) => Promise<AccountInfo>;
  /** The result of such a request, or the JSON-RPC error. */
  ask: (secret: string, method: string, params?: Record<string, unknown>, slug?: string) => Promise<unknown>;
  /** A browser that answers each call; null leaves it unanswered. */
  browser: (answer?: (call: Call) => Outcome | null, device?: DeviceKeys) => Promise<DeviceSocket>;
};

export async function startLimitedEndpoint(
  options: {
    env?: Record<string, string>;
    tools?: PersonaTool[];
    paused?: boolean;
    persona?: Partial<PersonaVersion>;
  } = {},
): Promise<LimitedEndpoint> {
  const owner = await createOwner();
  const clock = { now: Date.parse("2026-11-20T12:00:30Z") };
  const relay = await startPreparedRelay(owner.store, { env: options.env ?? {}, now: () => clock.now });
  const sockets: DeviceSocket[] = [];
  const { slug, personaId } = await owner.publish({
    ...(options.tools === undefined ? {} : { tools: options.tools }),
    ...options.persona,
    ...(options.paused === true ? { status: "paused" as const } : {}),
  });
  const send: LimitedEndpoint["send"] = (
    secret,
    method,
    params = {},
    at = slug,
    signal = new AbortController().signal,
  ) =>
    fetch(`${relay.url}/p/${at}/mcp`, {
      method: "POST",
      signal,
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${secret}`,
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": method,
        ...(typeof params["name"] === "string" && { "mcp-name": params["name"] }),
        ...(typeof params["uri"] === "string" && { "mcp-name": params["uri"] }),
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: MODERN } }),
    });
  return {
    owner,
    relay,
    clock,
    slug,
    personaId,
    send,
    call: async (secret, name = "Echo_say", at = slug) => {
      const response = await send(secret, "tools/call", { name }, at);
      return { status: response.status, retryAfter: response.headers.get("retry-after"), text: await response.text() };
    },
    account: async (secret) => {
      const body: unknown = await (await send(secret, "tools/call", { name: "persona_account_info" })).json();
      return accountInfoSchema.parse((body as { result: { structuredContent: unknown } }).result.structuredContent);
    },
    ask: async (secret, method, params, at) => {
      const body = (await (await send(secret, method, params, at)).json()) as { result?: unknown; error?: unknown };
      return body.result ?? body.error;
    },
    browser: async (answer = () => DONE, device = owner.device) => {
      const socket = await connectDevice(device, {
        url: relay.url,
        publicUrl: relay.config.publicUrl,
        now: () => clock.now,
        onCall: (call, connected) => {
          const outcome = answer(call);
          if (outcome !== null) deliver(connected, call, outcome);
          return { accepted: true, needsGo: false };
        },
      });
      sockets.push(socket);
      return socket;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.disconnect();
      await relay[Symbol.asyncDispose]();
      await owner.store.close();
    },
  };
}
