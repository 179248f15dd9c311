import type { Ask, Outcome } from "@agent-personas/shared/tunnel/messages";
import type { Place } from "./call-limit.ts";
import { createCap } from "./cap.ts";
import type { DownstreamCall } from "./downstream.ts";
import type { Listeners } from "./tapping-transport.ts";

/** How calls wait for their callers' answers without keeping anybody else waiting. */
export type OpenQuestions = {
  partsOf(call: DownstreamCall, place: Place): Pick<Listeners, "onAsk" | "onWait">;
};

/** Each question keeps one of the eight sessions of its connection in use, and one of the device's 64 calls. */
const QUESTIONS = { each: 4, all: 24 };
/** Calls that stand still because a question may be theirs; beyond it their time goes on. */
const BYSTANDERS = { each: 12, all: 24 };

const tooMany: Outcome = { kind: "error", error: { code: -32_603, message: "Too many questions wait for an answer" } };

export function createOpenQuestions(): OpenQuestions {
  const questions = createCap(QUESTIONS);
  const bystanders = createCap(BYSTANDERS);

  return {
    partsOf(call, place) {
      const { onAsk, pause } = call;
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
      const ask = async (question: Pick<Ask, "method" | "params">, put: NonNullable<typeof onAsk>) => {
        const leave = questions.enter(key);
        if (leave === null) return tooMany;
        const goOn = stand();
        try {
          return await put(question);
        } finally {
          leave();
          await goOn();
        }
      };
      return {
        ...(onAsk && { onAsk: (question) => ask(question, onAsk) }),
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
