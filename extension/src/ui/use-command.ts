import type { AppError } from "@agent-personas/shared/errors/app-error";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { callBackground } from "../messages/call-background.ts";
import type { CommandInput, CommandName, CommandResults } from "../messages/contract.ts";
import { toAppError } from "./to-app-error.ts";

export type Command<Name extends CommandName> = {
  /** Answers undefined when it failed (see `error`), the page has gone, or a later run took over. */
  run: (input: CommandInput<Name>) => Promise<CommandResults[Name] | undefined>;
  pending: boolean;
  error: AppError | null;
  /** Forgets the error, and the answer of a run that is still under way. */
  reset: () => void;
};

/** One command of the background with its state. */
export function useCommand<Name extends CommandName>(name: Name): Command<Name> {
  const [state, setState] = useState<{ pending: boolean; error: AppError | null }>({ pending: false, error: null });
  const current = useRef(0);
  useEffect(
    () => () => {
      current.current += 1;
    },
    [],
  );
  const run = useCallback(
    async (input: CommandInput<Name>) => {
      current.current += 1;
      const own = current.current;
      setState({ pending: true, error: null });
      try {
        const answer = await callBackground(name, input);
        if (own !== current.current) return undefined;
        setState({ pending: false, error: null });
        return answer;
      } catch (thrown) {
        if (own === current.current) setState({ pending: false, error: toAppError(thrown) });
        return undefined;
      }
    },
    [name],
  );
  const reset = useCallback(() => {
    current.current += 1;
    setState({ pending: false, error: null });
  }, []);
  return useMemo(() => ({ run, reset, ...state }), [run, reset, state]);
}
