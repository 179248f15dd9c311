import { useEffect, useRef } from "react";

type PollOptions = {
  every: number;
  /** Nothing is asked after this time (ms since the epoch). */
  until: number;
  active: boolean;
};

/** Runs `ask` again and again, one at a time, while `active` and before `until`. */
export function usePoll(ask: () => Promise<void>, { every, until, active }: PollOptions): void {
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  useEffect(() => {
    if (!active) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = new AbortController();
    const round = async () => {
      await latest.current();
      if (!stop.signal.aborted && Date.now() < until) timer = setTimeout(() => void round(), every);
    };
    timer = setTimeout(() => void round(), every);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [every, until, active]);
}
