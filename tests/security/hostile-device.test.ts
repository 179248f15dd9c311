import { deliver, textOutcome, type DeviceSocket } from "@agent-personas/relay/test-support/test-device";
import {
  ASKS_PER_CALL,
  type Accepted,
  type Answer,
  type Call,
  type Listen,
} from "@agent-personas/shared/tunnel/messages";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { connectV2 } from "../support/clients.ts";
import { createRawCaller, type Ending } from "../support/raw-caller.ts";
import { startRawDevices, type RawDevices, type RawPerson } from "../support/raw-devices.ts";

// A device that does its worst to the relay: it ends itself and its own calls, and nobody else notices.

const MIB = 1_024 * 1_024;
const RELAY_DEADLINE = 2_500;

let world: RawDevices;
let hostile: RawPerson;
let honest: RawPerson;
let open: DeviceSocket[] = [];

beforeAll(async () => {
  world = await startRawDevices(2, {
    OWNER_WAIT_MS: "500",
    DEVICE_DEADLINE_MS: "2000",
    RELAY_DEADLINE_MS: String(RELAY_DEADLINE),
  });
  const [first, second] = world.people;
  if (first === undefined || second === undefined) throw new Error("There are too few people.");
  [hostile, honest] = [first, second];
  await honest.connect(answerTruly);
}, 90_000);
afterEach(() => {
  for (const socket of open) socket.disconnect();
  open = [];
});
afterAll(() => world[Symbol.asyncDispose]());

const accepted: Accepted = { accepted: true, needsGo: false };
const answerTruly = (call: Call, socket: DeviceSocket): Accepted => {
  deliver(socket, call, textOutcome("true"));
  return accepted;
};

async function connectHostile(onCall?: (call: Call, socket: DeviceSocket) => Accepted | undefined) {
  const socket = await hostile.connect(onCall);
  open.push(socket);
  return socket;
}

const callOf = ({ endpoint }: RawPerson): Promise<Ending> =>
  createRawCaller(endpoint, "modern", 20_000).call("Sample_echo", {});

/** Others are answered at once, and nothing of it is kept. */
async function expectUnharmed(before: number): Promise<void> {
  const begun = performance.now();
  expect(await callOf(honest)).toEqual({ kind: "result", text: "true" });
  expect(performance.now() - begun).toBeLessThan(2_000);
  expect((await memoryNow()) - before).toBeLessThan(20 * MIB);
}

/** On the heap once garbage was collected. */
const memoryNow = async (): Promise<number> => (await world.relay.heap()).heapUsed;

const refusalIn = ({ outcome }: Answer): string => (outcome.kind === "error" ? `${outcome.error.code}` : outcome.kind);

/** Sends what no type allows. */
function send(socket: DeviceSocket, event: string, payload: unknown): void {
  Reflect.apply(socket.emit.bind(socket), undefined, [event, payload, () => undefined]);
}

const closed = (socket: DeviceSocket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.disconnected) resolve();
    else socket.once("disconnect", () => resolve());
  });

const EVENTS = [
  "hello",
  "result",
  "part",
  "progress",
  "log",
  "notice",
  "ask",
  "changed",
  "connection",
  "no-such-event",
];
const PAYLOADS: [what: string, payload: () => unknown][] = [
  ["nothing", () => undefined],
  ["a number", () => Number.MAX_VALUE],
  ["bytes", () => Buffer.alloc(10_000)],
  ["a list of 100,000", () => Array.from({ length: 100_000 }, () => 1)],
  [
    "keys of prototypes",
    () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  ],
  [
    "a call that is not its own",
    () => ({ callId: "call_00000000000000000000000000", attempt: 1, outcome: {}, timings: {} }),
  ],
];

for (const [what, payload] of PAYLOADS) {
  test(`${what} as whatever message is never answered with more than a closed socket`, async () => {
    const before = await memoryNow();
    for (const event of EVENTS) {
      const socket = await connectHostile();
      const gone = closed(socket);
      for (let time = 0; time < 3; time += 1) send(socket, event, payload());
      await gone;
      expect(socket.connected).toBe(false);
    }
    await expectUnharmed(before);
  });
}

test("100,000 levels, which no client library writes, end the socket like anything else", async () => {
  const before = await memoryNow();
  for (const event of EVENTS) {
    const socket = await connectHostile();
    const gone = closed(socket);
    const text = `2/tunnel,["${event}",${"[".repeat(100_000)}${"]".repeat(100_000)}]`;
    for (let time = 0; time < 3; time += 1) socket.io.engine.write(text);
    await gone;
    expect(socket.connected).toBe(false);
  }
  await expectUnharmed(before);
});

test("results for calls of somebody else, before acceptance, twice or of another attempt change no answer", async () => {
  const before = await memoryNow();
  const other = await honest.connect((call) => {
    for (const attempt of [1, 2]) deliver(forger, { callId: call.callId, attempt }, textOutcome("forged"));
    setTimeout(() => deliver(other, call, textOutcome("true")), 300);
    return accepted;
  });
  const forger = await connectHostile();
  expect(await callOf(honest)).toEqual({ kind: "result", text: "true" });
  other.disconnect();
  await honest.connect(answerTruly);
  await expectUnharmed(before);
});

test("an answer of 100 MB in one frame ends the socket, and its caller is told that the outcome is not known", async () => {
  const before = await memoryNow();
  const huge = "x".repeat(100 * MIB);
  const socket = await connectHostile((call, own) => {
    setTimeout(() => deliver(own, call, textOutcome(huge)), 100);
    return accepted;
  });
  const gone = closed(socket);
  expect(await callOf(hostile)).toMatchObject({ kind: "fault", code: "outcome_unknown" });
  await gone;
  await expectUnharmed(before);
}, 60_000);

test("an answer of 100 MB in parts is refused at 8 MiB, and nothing of it is kept", async () => {
  const before = await memoryNow();
  const bytes = Buffer.alloc(150_000, "x").toString("base64");
  const socket = await connectHostile((call, own) => {
    void (async () => {
      for (let n = 0; n < 700 && own.connected; n += 1) {
        await own.timeout(1_000).emitWithAck("part", { callId: call.callId, n, last: false, bytes });
      }
    })().catch(() => {
      // The rest without waiting for leave: three strikes.
      for (let n = 0; n < 3; n += 1) send(own, "part", { callId: call.callId, n: 500 + n, last: false, bytes });
    });
    return accepted;
  });
  const gone = closed(socket);
  expect(await callOf(hostile)).toMatchObject({ kind: "fault", code: "outcome_unknown" });
  await gone;
  await expectUnharmed(before);
}, 60_000);

for (const event of ["progress", "log"] as const) {
  test(`${event} without end costs nobody else anything, and the call ends by its deadline`, async () => {
    const before = await memoryNow();
    let flooding = true;
    await connectHostile((call, own) => {
      const params = { progress: 1, progressToken: 1, level: "info", data: "x".repeat(4_000) };
      const flood = (): void => {
        for (let count = 0; count < 500; count += 1) send(own, event, { callId: call.callId, params });
        if (flooding && own.connected) setTimeout(flood, 20);
      };
      flood();
      return accepted;
    });
    const begun = performance.now();
    const answer = callOf(hostile);
    await expectUnharmed(before);
    expect(await answer).toMatchObject({ kind: "fault", code: "outcome_unknown" });
    expect(performance.now() - begun).toBeLessThan(RELAY_DEADLINE + 5_000);
    flooding = false;
    await expectUnharmed(before);
  });
}

test("1,000 questions to a caller that takes none are refused, and its call goes on", async () => {
  const before = await memoryNow();
  await connectHostile((call, own) => {
    const asks = Array.from({ length: 1_000 }, (_, number) =>
      own.timeout(5_000).emitWithAck("ask", {
        callId: call.callId,
        askId: `ask-${number}`,
        method: "elicitation/create",
        params: { message: "Your password?", requestedSchema: { type: "object", properties: {} } },
      }),
    );
    void Promise.allSettled(asks).then((answers) => {
      const refusals = answers.map((answer) => (answer.status === "fulfilled" ? refusalIn(answer.value) : "none"));
      const counts = Object.entries(Object.groupBy(refusals, String)).map(([what, all]) => `${all?.length} ${what}`);
      deliver(own, call, textOutcome(counts.toSorted().join(", ")));
    });
    return accepted;
  });
  // Nobody is asked; and of one call that many questions are not even looked at.
  const counts = `${ASKS_PER_CALL} -32601, ${1_000 - ASKS_PER_CALL} -32603`;
  expect(await callOf(hostile)).toEqual({ kind: "result", text: counts });
  await expectUnharmed(before);
});

test("results nested too deeply, of unknown faults or without form are told as such", async () => {
  const before = await memoryNow();
  const unknown = { kind: "fault", code: "outcome_unknown", saysNothingDone: false, retryAfter: null };
  const outcomes: [outcome: unknown, expected: unknown][] = [
    [
      { kind: "result", result: { deep: JSON.parse(`${"[".repeat(600)}${"]".repeat(600)}`) } },
      { ...unknown, code: "other: The app's result is nested too deeply" },
    ],
    [{ kind: "fault", code: "no_such_code", detail: {} }, unknown],
    [{ kind: "result", result: "text" }, unknown],
    // An object is passed on as it is: what content means is between app and client.
    [
      { kind: "result", result: { content: "<script>" } },
      { kind: "result", text: "" },
    ],
  ];
  for (const [outcome, expected] of outcomes) {
    const socket = await connectHostile((call, own) => {
      send(own, "result", { callId: call.callId, attempt: call.attempt, outcome, timings: { device: 1, app: 1 } });
      return accepted;
    });
    expect(await callOf(hostile)).toEqual(expected);
    socket.disconnect();
  }
  await expectUnharmed(before);
}, 60_000);

test("news without end reach who listens at a bearable rate, close nothing and cost nobody else anything", async () => {
  const before = await memoryNow();
  const socket = await connectHostile();
  let slots: Listen["slots"] = [];
  socket.on("listen", (listen, ack) => {
    slots = listen.slots;
    ack({ stored: true });
  });
  {
    await using caller = await connectV2(hostile.endpoint);
    let heard = 0;
    caller.client.fallbackNotificationHandler = () => Promise.resolve(void (heard += 1));
    await caller.client.listen({ toolsListChanged: true, resourceSubscriptions: ["persona://status"] });
    await expect.poll(() => slots.length, { timeout: 5_000 }).toBe(1);
    const [slot] = slots;
    let flooding = true;
    const params = { text: "x".repeat(4_000) };
    const notice = {
      personaId: slot?.personaId,
      slotId: slot?.slotId,
      method: "notifications/tools/list_changed",
      params,
    };
    const flood = (): void => {
      for (let count = 0; count < 500; count += 1) send(socket, "notice", notice);
      if (flooding && socket.connected) setTimeout(flood, 20);
    };
    flood();
    await expectUnharmed(before);
    await expect.poll(() => heard, { timeout: 5_000 }).toBeGreaterThan(0);
    flooding = false;
    expect(socket.connected).toBe(true);
    expect(heard).toBeLessThan(1_000);
  }
  await expectUnharmed(before);
}, 30_000);
