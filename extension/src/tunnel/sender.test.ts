import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createId } from "@agent-personas/shared/primitives/id";
import { createPartAssembler } from "@agent-personas/shared/tunnel/assemble-parts";
import { partSchema, type Ask, type CallResult } from "@agent-personas/shared/tunnel/messages";
import { Server, type Socket as RelaySocket } from "socket.io";
import { io } from "socket.io-client";
import { expect, onTestFinished, test, vi } from "vitest";
import type { TunnelSocket } from "./open-socket.ts";
import { createSender } from "./sender.ts";

type Ack = (answer: unknown) => void;
type Said = (event: string, payload: unknown, ack: Ack | undefined) => void;

/** A relay's end that takes over what it is told, unless `said` answers it, and a way to attach sockets to it. */
async function createWorld(said: Said, outbox: CallResult[] = []) {
  const http = createServer();
  const relay = new Server(http, { transports: ["websocket"] });
  relay.of("/tunnel").on("connection", (socket: RelaySocket) => socket.onAny(said));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => relay.close());
  const { port } = http.address() as AddressInfo;
  const stored = vi.fn<(callId: string) => void>();
  const sender = createSender({
    calls: {
      ledgerId: () => Promise.resolve("ledger"),
      receive: () => Promise.reject(new Error("nothing is received here")),
      go: () => undefined,
      cancel: () => undefined,
      hello: () => Promise.resolve({ calls: [] }),
      outbox: () => Promise.resolve(outbox),
      stored,
    },
  });
  const connect = async (): Promise<TunnelSocket> => {
    const socket: TunnelSocket = io(`http://127.0.0.1:${port}/tunnel`, {
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
    });
    onTestFinished(() => void socket.disconnect());
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    return socket;
  };
  return { sender, connect, stored };
}

const LISTS = "notifications/tools/list_changed";
const hello: Said = (event, _payload, ack) => void (event === "hello" && ack?.({ stored: true }));
const ask = (): Ask => ({ callId: createId("call"), askId: "ask-1", method: "roots/list", params: {} });
const answer = { outcome: { kind: "result", result: { roots: [] } } };
const open = new AbortController().signal;

test("puts a question again after a reconnect, under the same id, until it is answered", async () => {
  const asked: unknown[] = [];
  const { sender, connect } = await createWorld((event, payload, ack) => {
    hello(event, payload, ack);
    if (event !== "ask") return;
    asked.push(payload);
    if (asked.length > 1) ack?.(answer);
  });
  const question = ask();
  const outcome = sender.ask(question, open);
  const first = await connect();
  await sender.attach(first);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  sender.detach();
  first.disconnect();
  await sender.attach(await connect());
  expect(await outcome).toEqual(answer.outcome);
  expect(asked).toEqual([question, question]);
});

test("ends a question with its call, connected or not, and takes a wrong answer for none", async () => {
  const { sender, connect } = await createWorld((event, payload, ack) => {
    hello(event, payload, ack);
    if (event === "ask" && (payload as Ask).askId === "wrong") ack?.({ outcome: "yes" });
  });
  const offline = new AbortController();
  const waiting = sender.ask(ask(), offline.signal);
  offline.abort(new Error("over"));
  await expect(waiting).rejects.toThrow("over");

  await sender.attach(await connect());
  const online = new AbortController();
  const put = sender.ask(ask(), online.signal);
  online.abort(new Error("over, too"));
  await expect(put).rejects.toThrow("over, too");
  expect(await sender.ask({ ...ask(), askId: "wrong" }, open)).toMatchObject({ kind: "error" });
});

test("sends a result longer than a frame in parts, each after the one before was taken over", async () => {
  const result: CallResult = {
    callId: createId("call"),
    attempt: 1,
    outcome: { kind: "result", result: { content: [{ type: "text", text: "ä".repeat(500_000) }] } },
    timings: { device: 1, app: 1 },
  };
  const assembler = createPartAssembler();
  const complete: unknown[] = [];
  let unanswered = 0;
  let most = 0;
  const { sender, connect, stored } = await createWorld((event, payload, ack) => {
    hello(event, payload, ack);
    if (event !== "part") return;
    unanswered += 1;
    most = Math.max(most, unanswered);
    const whole = assembler.take(partSchema.parse(payload));
    if (whole !== null) complete.push(whole);
    setTimeout(() => {
      unanswered -= 1;
      ack?.({ stored: true });
    }, 1);
  });
  await sender.attach(await connect());
  sender.result(result);
  await vi.waitFor(() => expect(stored).toHaveBeenCalledWith(result.callId));
  expect(complete).toEqual([result]);
  expect(most).toBe(1);
});

test("leaves news out while the socket lags behind, so that they pile up in no memory", async () => {
  let heard = 0;
  const { sender, connect } = await createWorld((event, payload, ack) => {
    hello(event, payload, ack);
    if (event === "notice") heard += 1;
  });
  const socket = await connect();
  await sender.attach(socket);
  const notice = { personaId: createId("persona"), slotId: createId("slot"), method: LISTS, params: {} } as const;
  for (let n = 0; n < 1_000; n += 1) sender.notice(notice);
  expect(socket.io.engine.writeBuffer.length).toBeLessThan(100);
  await vi.waitFor(() => expect(heard).toBeGreaterThan(0));
});
