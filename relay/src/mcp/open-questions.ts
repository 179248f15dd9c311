import { createId } from "@agent-personas/shared/primitives/id";
import type { Ask, Outcome } from "@agent-personas/shared/tunnel/messages";
import type { OnAsk } from "./call-app.ts";

/** What a call came to: its outcome, or questions that it waits for, under a handle. */
export type Turn =
  | { kind: "outcome"; outcome: Outcome }
  | { kind: "questions"; handle: string; questions: ReadonlyMap<string, Pick<Ask, "method" | "params">> };

/**
 * Calls that wait for answers between two requests of a client of 2026-07-28, which is asked by the answer to its
 * request and answers by sending it again. Whose call it is, is proved by the sealed state that carries the handle.
 */
export type OpenQuestions = {
  /** Starts a call; answers its outcome or what it asks first. @throws AppError `too_busy` */
  start: (
    call: (options: { signal: AbortSignal; onAsk: OnAsk }) => Promise<Outcome>,
    signal: AbortSignal,
  ) => Promise<Turn>;
  /** Goes on with a call; null when it is not known (any more). What is not answered is asked again. */
  answer: (handle: string, answers: Readonly<Record<string, unknown>>, signal: AbortSignal) => Promise<Turn | null>;
  abortAll: () => void;
  size: () => number;
};

type Question = { ask: Ask; answer: (outcome: Outcome) => void };
type Waiting = {
  handle: string;
  outcome: Promise<Outcome>;
  abort: AbortController;
  questions: Map<string, Question>;
  /** Called when a question comes. */
  onQuestion: (() => void) | null;
};

const MAX_WAITING = 5_000;
/** Questions that come together are asked together. Milliseconds. */
const GATHER_MS = 5;

export function createOpenQuestions(deps: { now: () => number }): OpenQuestions {
  const waiting = new Map<string, Waiting>();

  const turn = async (open: Waiting, signal: AbortSignal): Promise<Turn> => {
    const cancel = (): void => open.abort.abort(signal.reason);
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      const asked = new Promise<"asked">((resolve) => {
        open.onQuestion = () => setTimeout(() => resolve("asked"), GATHER_MS);
        if (open.questions.size > 0) open.onQuestion();
      });
      const first = await Promise.race([open.outcome, asked]);
      if (first !== "asked") return { kind: "outcome", outcome: first };
      waiting.set(open.handle, open);
      return {
        kind: "questions",
        handle: open.handle,
        questions: new Map([...open.questions].map(([id, { ask }]) => [id, ask])),
      };
    } finally {
      open.onQuestion = null;
      signal.removeEventListener("abort", cancel);
    }
  };

  return {
    start: (call, signal) => {
      const abort = new AbortController();
      const questions = new Map<string, Question>();
      const handle = createId("wait", deps.now());
      const { promise: outcome, resolve: settle } = Promise.withResolvers<Outcome>();
      const open: Waiting = { handle, outcome, abort, questions, onQuestion: null };
      const onAsk: OnAsk = (ask, over) =>
        new Promise((resolve, reject) => {
          if (waiting.size >= MAX_WAITING) return reject(new Error("Too many calls wait for answers."));
          const drop = (): void => {
            questions.delete(ask.askId);
            reject(over.reason);
          };
          over.addEventListener("abort", drop, { once: true });
          questions.set(ask.askId, {
            ask,
            answer: (given) => {
              questions.delete(ask.askId);
              over.removeEventListener("abort", drop);
              resolve(given);
            },
          });
          open.onQuestion?.();
        });
      settle(call({ signal: abort.signal, onAsk }).finally(() => waiting.delete(handle)));
      outcome.catch(() => undefined);
      return turn(open, signal);
    },
    answer: async (handle, answers, signal) => {
      const open = waiting.get(handle);
      if (open === undefined) return null;
      for (const [id, answer] of Object.entries(answers)) {
        if (typeof answer === "object" && answer !== null) {
          open.questions.get(id)?.answer({ kind: "result", result: { ...answer } });
        }
      }
      return turn(open, signal);
    },
    abortAll: () => {
      for (const { abort } of waiting.values()) abort.abort(new Error("The relay stops."));
    },
    size: () => waiting.size,
  };
}
