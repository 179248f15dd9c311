import type { Ask, CallResult, Outcome } from "@agent-personas/shared/tunnel/messages";
import { vi } from "vitest";
import type { DownstreamCall } from "../apps/downstream.ts";
import { createExecutor } from "../executor/executor.ts";
import { createKeptResults } from "../executor/kept-results.ts";
import { createLedger } from "../executor/ledger.ts";
import type { SessionStore } from "../lib/session-store.ts";
import { createVault } from "../vault/vault.ts";
import { memorySessionStore } from "./memory-session-store.ts";
import { createWorld } from "./world.ts";

/** An app that answers when told to; the side that calls it ends by the deadline, unless it is `stuck`. */
function createApp(stuck: boolean) {
  const calls: (DownstreamCall & { answer: (outcome: Outcome) => void })[] = [];
  const call = (request: DownstreamCall): Promise<Outcome> =>
    new Promise((resolve) => {
      calls.push({ ...request, answer: resolve });
      const late: Outcome = { kind: "fault", code: "app_timeout", detail: { app: "Notes" } };
      if (!stuck) request.deadline.addEventListener("abort", () => resolve(late));
    });
  return { calls, call };
}

type SetUp = {
  session?: SessionStore;
  bootId?: string;
  world?: Awaited<ReturnType<typeof createWorld>>;
  stuck?: boolean;
  now?: () => number;
  elapsed?: () => number;
  /** What each call waits for before its tool is compared with the list. */
  ensureListed?: () => Promise<void>;
};

/** A device with an executor whose app is the test. */
export async function setUpExecutor(options: SetUp = {}) {
  const world = options.world ?? (await createWorld());
  const app = createApp(options.stuck === true);
  const results: CallResult[] = [];
  const notices: unknown[] = [];
  const asked: Ask[] = [];
  const answer = Promise.withResolvers<Outcome>();
  const { session = memorySessionStore(), bootId = "boot-1" } = options;
  const executor = createExecutor({
    db: world.db,
    downstream: {
      call: app.call,
      ensureListed: options.ensureListed ?? (() => Promise.resolve()),
      currentDefinition: (_connectionId, name) => Promise.resolve(world.listed.get(name) ?? null),
      currentItem: (_connectionId, kind, id) => Promise.resolve(world.items.get(`${kind} ${id}`) ?? null),
    },
    catchUp: () => Promise.resolve(),
    ledger: createLedger({ session, bootId, now: Date.now }),
    kept: createKeptResults({
      db: world.db,
      vault: createVault({ database: world.db, sessionStorage: session }),
      now: options.now ?? Date.now,
    }),
    bootId,
    elapsed: options.elapsed ?? (() => performance.now()),
    onResult: (result) => results.push(result),
    onProgress: ({ params }) => notices.push(params),
    onLog: ({ params }) => notices.push(params),
    onElicited: ({ params }) => notices.push(params),
    onAway: () => undefined,
    onAsk: (ask) => {
      asked.push(ask);
      return answer.promise;
    },
  });
  const resultOf = (callId: string) => vi.waitFor(() => results.find((each) => each.callId === callId) ?? fail());
  return { world, app, results, notices, asked, answer, session, executor, resultOf };
}

const fail = (): never => {
  throw new Error("not there yet");
};
