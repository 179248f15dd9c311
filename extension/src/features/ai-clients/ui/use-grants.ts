import type { Grant } from "@agent-personas/shared/api/grants";
import type { AppError } from "@agent-personas/shared/errors/app-error";
import { useCallback, useEffect, useRef, useState } from "react";
import { callBackground } from "../../../messages/call-background.ts";
import { toAppError } from "../../../ui/to-app-error.ts";

const REFRESH_MS = 15_000;

export type Grants = {
  state: "loading" | "ready" | "failed";
  grants: Grant[];
  error: AppError | null;
  reload: () => Promise<void>;
};

/** The AI clients allowed to use a persona, which only the relay knows; asked again while the page is looked at. */
export function useGrants(personaId: string): Grants {
  const [answer, setAnswer] = useState<Omit<Grants, "reload">>({ state: "loading", grants: [], error: null });
  const latest = useRef(0);
  const reload = useCallback(async () => {
    latest.current += 1;
    const own = latest.current;
    try {
      const { grants } = await callBackground("grants.list", { personaId });
      if (own === latest.current) setAnswer({ state: "ready", grants, error: null });
    } catch (thrown) {
      // What was shown stays: a relay that is away for a moment must not empty the list.
      const error = toAppError(thrown);
      if (own === latest.current)
        setAnswer(({ state, grants }) => ({ state: state === "ready" ? state : "failed", grants, error }));
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
