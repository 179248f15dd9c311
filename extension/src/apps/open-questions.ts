import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import type { Place } from "./call-limit.ts";
import { createCap } from "./cap.ts";
import type { DownstreamCall } from "./downstream.ts";
import type { Listeners, Question } from "./tapping-transport.ts";

/** How calls wait for their callers' answers without keeping anybody else waiting. */
export type OpenQuestions = {
  partsOf(call: DownstreamCall, place: Place): Pick<Listeners, "onAsk" | "whyNotAsk" | "onWait">;
};

/** Each question keeps one of the eight sessions of its connection in use, and one of the device's 64 calls. */
const QUESTIONS = { each: 4, all: 24 };
/** Whose question has waited as long makes room for the next: most of those never come back. Milliseconds. */
const PATIENCE_MS = 60_000;
/** Calls that stand still because a question may be theirs; beyond it their time goes on. */
const BYSTANDERS = { each: 12, all: 24 };

type Open = { key: string; since: number; giveUp: () => void };

const refusal = (message: string): Outcome => ({ kind: "error", error: { code: -32_603, message } });

export function createOpenQuestions({ now }: { now: () => number }): OpenQuestions {
  /** In the order in which they were put. */
  const open = new Set<Open>();
  const bystanders = createCap(BYSTANDERS);

  const makeRoom = (key: string): boolean => {
    const ofKey = [...open].filter((each) => each.key === key);
    const [oldest] = ofKey.length >= QUESTIONS.each ? ofKey : open.size >= QUESTIONS.all ? open : [];
    if (oldest === undefined) return true;
    if (now() - oldest.since < PATIENCE_MS) return false;
    open.delete(oldest);
    oldest.giveUp();
    return true;
  };

  return {
    partsOf(call, place) {
      const { onAsk, whyNotAsk, pause } = call;
      // Strangers must not be able to keep the person's own callers from being asked.
      const key = JSON.stringify([call.connectionId, call.forwardedHeaders !== null]);
      /** Neither the deadline nor the app's other callers are for a person's thinking. */
      const stand = (): (() => Promise<void>) => {
        const resume = pause?.();
        const comeBack = place.lend();
        return () => {
          resume?.();
          return comeBack();
        };
      };
      const ask = async (question: Question, put: NonNullable<typeof onAsk>) => {
        // First: what is not put to anybody must not end another's question.
        const refused = whyNotAsk?.() ?? null;
        if (refused !== null) return refused;
        if (!makeRoom(key)) return refusal("Too many questions wait for an answer");
        const { promise: givenUp, resolve } = Promise.withResolvers<Outcome>();
        const withdrawn = new AbortController();
        const giveUp = (): void => {
          resolve(refusal("The question was not answered"));
          withdrawn.abort(new Error("The question made room for another."));
        };
        const mine: Open = { key, since: now(), giveUp };
        open.add(mine);
        const goOn = stand();
        try {
          return await Promise.race([put(question, withdrawn.signal), givenUp]);
        } finally {
          open.delete(mine);
          await goOn();
        }
      };
      return {
        ...(onAsk && { onAsk: (question) => ask(question, onAsk) }),
        ...(whyNotAsk && { whyNotAsk }),
        onWait: () => {
          const leave = bystanders.enter(key);
          if (leave === null) return () => Promise.resolve();
          const goOn = stand();
          return () => {
            leave();
            return goOn();
          };
        },
      };
    },
  };
}
