import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createId } from "@agent-personas/shared/primitives/id";
import { tunnelAuthSchema, type TunnelAuth } from "@agent-personas/shared/tunnel/handshake";
import type { Call, CallResult } from "@agent-personas/shared/tunnel/messages";
import { Server, type Socket } from "socket.io";
import { expect, onTestFinished, vi } from "vitest";
import { createDeviceKey } from "../../test-support/device-key.ts";
import type { CallTaker } from "../receive-from.ts";
import { createTunnel } from "../tunnel.ts";
import type { TunnelStatus } from "../tunnel-state.ts";

type Refusal = { code: string; serverTime: number } | null;
type Refuse = (auth: TunnelAuth) => Promise<Refusal>;

export const admit: Refuse = () => Promise.resolve(null);

/** A relay's end: refuses as told, then records what the device says. */
export async function createRelay() {
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"] });
  const tunnel = io.of("/tunnel");
  const seen = {
    auths: [] as TunnelAuth[],
    hellos: [] as unknown[],
    sockets: [] as Socket[],
    messages: [] as unknown[],
  };
  let refuse: Refuse = admit;
  tunnel.use((socket, next) => {
    const auth = tunnelAuthSchema.parse(socket.handshake.auth);
    seen.auths.push(auth);
    void refuse(auth).then((refusal) =>
      next(refusal === null ? undefined : Object.assign(new Error(refusal.code), { data: refusal })),
    );
  });
  tunnel.on("connection", (socket) => {
    seen.sockets.push(socket);
    socket.on("hello", (hello: unknown, ack: (answer: unknown) => void) => {
      seen.hellos.push(hello);
      ack({ stored: true });
    });
    for (const event of ["result", "changed"]) {
      socket.on(event, (message: unknown, ack: (answer: unknown) => void) => {
        seen.messages.push([event, message]);
        ack({ stored: true });
      });
    }
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  onTestFinished(async () => {
    await io.close();
  });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    io,
    seen,
    refuseWith: (next: Refuse) => {
      refuse = next;
    },
  };
}

/** The device's end, with a clock and timers of the test. */
export async function createDevice(relayUrl: string, last?: { tunnel: string; since: number }) {
  const { publicKey, privateKey } = await createDeviceKey();
  const identity = { relayUrl, deviceId: createId("device"), privateKey, clockOffset: 0 };
  const statuses: TunnelStatus[] = [];
  const planned: { ms: number; task: () => void; live: boolean }[] = [];
  const calls: Call[] = [];
  const outbox = new Map<string, CallResult>();
  let skew = 0;
  const taker: CallTaker = {
    ledgerId: () => Promise.resolve("ledger-1"),
    receive: (call) => {
      calls.push(call);
      return Promise.resolve({ accepted: true, needsGo: true });
    },
    go: () => undefined,
    cancel: () => undefined,
    hello: () => Promise.resolve({ calls: [] }),
    outbox: () => Promise.resolve([...outbox.values()]),
    stored: (callId) => void outbox.delete(callId),
  };
  const synced: unknown[] = [];
  const listened: unknown[] = [];
  const signIns: unknown[] = [];
  const endedGrants: string[] = [];
  const tunnel = createTunnel({
    identity: {
      load: () => Promise.resolve({ ...identity }),
      keepClockOffset: (offset) => {
        identity.clockOffset = offset;
        return Promise.resolve();
      },
    },
    calls: taker,
    onListen: (listen) => listened.push(listen),
    onSync: (sync) => synced.push(sync),
    onSignIn: (signIn) => signIns.push(signIn),
    onGrantEnded: (grantId) => endedGrants.push(grantId),
    bootId: "boot-0001",
    now: () => Date.now() + skew,
    random: () => 1,
    after: (ms, task) => {
      const entry = { ms, task, live: true };
      planned.push(entry);
      return () => {
        entry.live = false;
      };
    },
    lastStatus: () => Promise.resolve(last),
    setStatus: (status) => statuses.push(status),
  });
  onTestFinished(() => tunnel.stop());
  const retries = () => planned.filter((entry) => entry.live && entry.ms !== 20_000);
  return {
    tunnel,
    identity,
    publicKey,
    statuses,
    calls,
    outbox,
    synced,
    listened,
    signIns,
    endedGrants,
    planned,
    state: () => statuses.at(-1)?.tunnel,
    reach: (state: string) => vi.waitFor(() => expect(statuses.at(-1)?.tunnel).toBe(state), { timeout: 3_000 }),
    setSkew: (ms: number) => {
      skew = ms;
    },
    retries,
    runRetry: () => {
      const entry = retries()[0];
      if (entry === undefined) throw new Error("nothing is planned");
      entry.live = false;
      entry.task();
      return entry.ms;
    },
  };
}
