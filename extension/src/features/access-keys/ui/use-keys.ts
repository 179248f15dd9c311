import type { AccessKey } from "@agent-personas/shared/api/personas";
import type { AppError } from "@agent-personas/shared/errors/app-error";
import { useCallback, useEffect, useRef, useState } from "react";
import { callBackground } from "../../../messages/call-background.ts";
import { toAppError } from "../../../ui/to-app-error.ts";

const REFRESH_MS = 15_000;

export type Keys = {
  state: "loading" | "ready" | "failed";
  keys: AccessKey[];
  error: AppError | null;
  reload: () => Promise<void>;
};

/** A persona's keys, which only the relay knows; asked again while the page is looked at. */
export function useKeys(personaId: string): Keys {
  const [answer, setAnswer] = useState<Omit<Keys, "reload">>({ state: "loading", keys: [], error: null });
  const latest = useRef(0);
  const reload = useCallback(async () => {
    latest.current += 1;
    const own = latest.current;
    try {
      const { keys } = await callBackground("keys.list", { personaId });
      if (own === latest.current) setAnswer({ state: "ready", keys, error: null });
    } catch (thrown) {
      // What was shown stays: a relay that is away for a moment must not empty the list.
      const error = toAppError(thrown);
      if (own === latest.current)
        setAnswer(({ state, keys }) => ({ state: state === "ready" ? state : "failed", keys, error }));
    }
  }, [personaId]);
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState === "visible") void reload();
    };
    ask();
    const timer = setInterval(ask, REFRESH_MS);
    document.addEventListener("visibilitychange", ask);
    return () => {
      latest.current += 1;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, [reload]);
  return { ...answer, reload };
}
