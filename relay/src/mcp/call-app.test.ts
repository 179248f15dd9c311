import { createId } from "@agent-personas/shared/primitives/id";
import pino from "pino";
import { expect, test } from "vitest";
import { createUsageRecorder } from "../audit/usage-recorder.ts";
import { publishTools } from "../personas/publish-tools.ts";
import { deliver, textOutcome } from "../test-support/test-device.ts";
import { SLOT_ID, testVersion } from "../test-support/test-persona.ts";
import { startTestTunnel, type TestTunnel } from "../test-support/test-tunnel.ts";
import { callApp } from "./call-app.ts";
import type { Exchange } from "./exchange.ts";

const FLOOD = 300;

const disposable = <T extends { close: () => Promise<void> }>(opened: T) =>
  Object.assign(opened, { [Symbol.asyncDispose]: opened.close });

function exchangeOf(tunnel: TestTunnel, change: Pick<Exchange, "era" | "hearsStreams">): Exchange {
  const version = testVersion(createId("device"));
  const { userId } = tunnel.owner;
  return {
    persona: {
      personaId: version.personaId,
      slug: "release-bot-abcdef",
      ownerId: userId,
      version,
      ...publishTools(version),
    },
    principal: {
      kind: "key",
      id: "key-1",
      personaId: version.personaId,
      executingUserId: userId,
      deviceId: null,
      scopes: ["read"],
      tools: null,
      keyId: "key-1",
      forwardedHeaders: {},
    },
    client: "test",
    capabilities: {},
    logLevel: "debug",
    session: null,
    requestId: "req_1",
    traceparent: null,
    ...change,
  };
}

test.each(["legacy", "modern"] as const)(
  "%s: what an app says on the way is made for callers that hear streams, at most a burst of it, and for no other",
  async (era) => {
    await using tunnel = await startTestTunnel();
    const { store } = tunnel.owner;
    await using usage = disposable(createUsageRecorder({ store, log: pino({ level: "silent" }), now: Date.now }));
    await tunnel.connect({
      onCall: (call, socket) => {
        const params = { progressToken: 1, progress: 1, level: "info", data: "x".repeat(8_000) };
        for (let n = 0; n < FLOOD / 2; n += 1) {
          socket.emit("progress", { callId: call.callId, params });
          socket.emit("log", { callId: call.callId, params });
        }
        deliver(socket, call, textOutcome("done"));
        return { accepted: true, needsGo: false };
      },
    });
    const madeFor = async (hearsStreams: boolean): Promise<number> => {
      let made = 0;
      const context = { signal: new AbortController().signal, notify: () => void (made += 1) };
      const params = { name: "say", _meta: { progressToken: "mine" } };
      const request = { slotId: SLOT_ID, method: "tools/call", params } as const;
      const exchange = exchangeOf(tunnel, { era, hearsStreams });
      expect(await callApp(request, exchange, context, { tunnel: tunnel.relay.tunnel, usage })).toEqual(
        textOutcome("done"),
      );
      return made;
    };
    expect(await madeFor(false)).toBe(0);
    const heard = await madeFor(true);
    expect(heard).toBeGreaterThanOrEqual(100);
    expect(heard).toBeLessThan(FLOOD);
  },
);
