import type { AppError } from "@agent-personas/shared/errors/app-error";
import { useCallback, useEffect, useRef, useState } from "react";
import { toAppError } from "./to-app-error.ts";

const REFRESH_MS = 15_000;

export type RelayList<Item> = {
  state: "loading" | "ready" | "failed";
  items: Item[];
  error: AppError | null;
  reload: () => Promise<void>;
};

/** A list that only the relay knows; asked again while the page is looked at. `ask` must stay the same between renders. */
export function useRelayList<Item>(ask: () => Promise<Item[]>): RelayList<Item> {
  const [answer, setAnswer] = useState<Omit<RelayList<Item>, "reload">>({ state: "loading", items: [], error: null });
  const latest = useRef(0);
  const reload = useCallback(async () => {
    latest.current += 1;
    const own = latest.current;
    try {
      const items = await ask();
      if (own === latest.current) setAnswer({ state: "ready", items, error: null });
    } catch (thrown) {
      // What was shown stays: a relay that is away for a moment must not empty the list.
      const error = toAppError(thrown);
      if (own === latest.current)
        setAnswer(({ state, items }) => ({ state: state === "ready" ? state : "failed", items, error }));
    }
  }, [ask]);
  useEffect(() => {
    const askWhenSeen = () => {
      if (document.visibilityState === "visible") void reload();
    };
    askWhenSeen();
    const timer = setInterval(askWhenSeen, REFRESH_MS);
    document.addEventListener("visibilitychange", askWhenSeen);
    return () => {
      latest.current += 1;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", askWhenSeen);
    };
  }, [reload]);
  return { ...answer, reload };
}
