import { createContext, useContext, useEffect } from "react";

/** Keeps the person on the page until they say that they want to leave. */
export type LeaveGuard = {
  /** Answers how to let go again. */
  hold: () => () => void;
};

export const LeaveGuardContext = createContext<LeaveGuard | null>(null);

/** While `active`, going to another page or closing the tab asks first. */
export function useLeaveGuard(active: boolean): void {
  const guard = useContext(LeaveGuardContext);
  useEffect(() => {
    if (!active) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    const release = guard?.hold();
    addEventListener("beforeunload", ask);
    return () => {
      removeEventListener("beforeunload", ask);
      release?.();
    };
  }, [active, guard]);
}
