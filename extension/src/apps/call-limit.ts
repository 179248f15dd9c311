import { AppError } from "@agent-personas/shared/errors/app-error";

export type CallLimit = {
  /** Waits for a place; the answer gives it back. @throws AppError `too_busy`; the signal's reason when aborted. */
  enter(appId: string, signal: AbortSignal): Promise<() => void>;
};

export type CallLimitOptions = { inFlight: number; queued: number };

type Line = { active: number; waiting: Set<() => void> };

/** At most `inFlight` calls to an app at once and `queued` more waiting in order; other apps are not affected. */
export function createCallLimit({ inFlight, queued }: CallLimitOptions = { inFlight: 8, queued: 64 }): CallLimit {
  const lines = new Map<string, Line>();

  return {
    async enter(appId, signal) {
      signal.throwIfAborted();
      const line = lines.get(appId) ?? { active: 0, waiting: new Set() };
      lines.set(appId, line);

      let left = false;
      const leave = (): void => {
        if (left) return;
        left = true;
        const next = line.waiting.values().next().value;
        // The place is handed over, so a newcomer cannot slip in between.
        if (next !== undefined) return next();
        line.active -= 1;
        if (line.active === 0) lines.delete(appId);
      };

      if (line.active < inFlight) {
        line.active += 1;
        return leave;
      }
      if (line.waiting.size >= queued) throw new AppError("too_busy", { detail: { retryAfter: "5" } });
      await new Promise<void>((resolve, reject) => {
        const giveUp = (): void => {
          line.waiting.delete(proceed);
          reject(signal.reason);
        };
        const proceed = (): void => {
          line.waiting.delete(proceed);
          signal.removeEventListener("abort", giveUp);
          resolve();
        };
        line.waiting.add(proceed);
        signal.addEventListener("abort", giveUp, { once: true });
      });
      return leave;
    },
  };
}
