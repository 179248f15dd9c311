import { AppError } from "@agent-personas/shared/errors/app-error";

export type CallLimit = {
  /** Waits for a place. @throws AppError `too_busy`; the signal's reason when aborted. */
  enter(appId: string, signal: AbortSignal): Promise<Place>;
};

/** A call's place at its app. */
export type Place = {
  /**
   * Gives the place to others. The answer waits until the call has one again, before all that come anew; it rejects
   * when the call is over by then. Several may overlap: the place is taken again after the last.
   */
  lend(): () => Promise<void>;
  leave(): void;
};

export type CallLimitOptions = { inFlight: number; queued: number };

type Queue = Set<() => void>;
/** `members` counts calls that have a place or lent it. */
type Line = { active: number; members: number; returning: Queue; waiting: Queue };

/** At most `inFlight` calls to an app at once and `queued` more waiting in order; other apps are not affected. */
export function createCallLimit({ inFlight, queued }: CallLimitOptions = { inFlight: 8, queued: 64 }): CallLimit {
  const lines = new Map<string, Line>();

  const take = async (line: Line, queue: Queue, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (line.active < inFlight) {
      line.active += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void => {
        queue.delete(proceed);
        reject(signal.reason);
      };
      const proceed = (): void => {
        queue.delete(proceed);
        signal.removeEventListener("abort", giveUp);
        resolve();
      };
      queue.add(proceed);
      signal.addEventListener("abort", giveUp, { once: true });
    });
  };

  const free = (line: Line): void => {
    const [next] = [...line.returning, ...line.waiting];
    // The place is handed over, so a newcomer cannot slip in between.
    if (next === undefined) line.active -= 1;
    else next();
  };

  const placeIn = (appId: string, line: Line, signal: AbortSignal): Place => {
    const over = new AbortController();
    let lent = 0;
    let holds = true;
    /** One return for however many wait for it: who holds a place must not stand in line for another. */
    let coming: Promise<void> | null = null;

    const giveUp = (): void => {
      if (!holds) return;
      holds = false;
      free(line);
    };
    const takeAgain = async (): Promise<void> => {
      await take(line, line.returning, AbortSignal.any([signal, over.signal]));
      // Lent or left anew while this waited.
      if (lent > 0 || over.signal.aborted) free(line);
      else holds = true;
    };

    return {
      lend() {
        lent += 1;
        giveUp();
        let isBack = false;
        return async () => {
          if (isBack) return;
          isBack = true;
          lent -= 1;
          if (lent > 0) return;
          coming ??= takeAgain().finally(() => (coming = null));
          await coming;
        };
      },
      leave() {
        if (over.signal.aborted) return;
        over.abort(new Error("The call is over."));
        giveUp();
        line.members -= 1;
        if (line.members === 0) lines.delete(appId);
      },
    };
  };

  return {
    async enter(appId, signal) {
      signal.throwIfAborted();
      const line = lines.get(appId) ?? { active: 0, members: 0, returning: new Set(), waiting: new Set() };
      if (line.active >= inFlight && line.waiting.size >= queued) {
        throw new AppError("too_busy", { detail: { retryAfter: "5" } });
      }
      lines.set(appId, line);
      line.members += 1;
      try {
        await take(line, line.waiting, signal);
      } catch (error) {
        line.members -= 1;
        if (line.members === 0) lines.delete(appId);
        throw error;
      }
      return placeIn(appId, line, signal);
    },
  };
}
