import { randomBytes } from "node:crypto";
import { createAttempts, type Attempts } from "./attempts.ts";
import { createProgressStore, type ProgressStore } from "./progress.ts";
import { createSignInCodes, type SignInCodes } from "./sign-in-codes.ts";
import { createStepUps, type StepUps } from "../inbound/step-ups.ts";
import { createWaitingSignIns, type WaitingSignIns } from "./waiting-sign-ins.ts";

/** What the sign-in pages and the REST API of the devices share. */
export type SignIns = {
  codes: SignInCodes;
  waiting: WaitingSignIns;
  progress: ProgressStore;
  codeAttempts: Attempts;
  keyAttempts: Attempts;
  deviceAttempts: Attempts;
  stepUps: StepUps;
  /** Makes the forms of this relay's pages recognisable. */
  formSecret: Buffer;
};

/** Wrong guesses per address, within the life of a code, a minute, and the life of a device's code. */
const WRONG = 5;
const CODE_WINDOW_MS = 2 * 60_000;
const KEY_WINDOW_MS = 60_000;
const DEVICE_WINDOW_MS = 5 * 60_000;

export function createSignIns({ now }: { now: () => number }): SignIns {
  return {
    codes: createSignInCodes({ now }),
    waiting: createWaitingSignIns({ now }),
    progress: createProgressStore({ now }),
    codeAttempts: createAttempts({ now, limit: WRONG, windowMs: CODE_WINDOW_MS }),
    keyAttempts: createAttempts({ now, limit: WRONG, windowMs: KEY_WINDOW_MS }),
    deviceAttempts: createAttempts({ now, limit: WRONG, windowMs: DEVICE_WINDOW_MS }),
    stepUps: createStepUps({ now }),
    formSecret: randomBytes(32),
  };
}
