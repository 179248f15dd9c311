import { isAppError } from "@agent-personas/shared/errors/app-error";
import type { Limits } from "../deps.ts";
import type { Metrics } from "./metrics.ts";

/** The same limits; what they refuse is counted. */
export function observeLimits<T extends Limits>(limits: T, { limitRefusals }: Pick<Metrics, "limitRefusals">): T {
  const count = (limit: "rate" | "budget" | "address", error: unknown): never => {
    if (isAppError(error)) limitRefusals.inc({ limit });
    throw error;
  };
  const counting =
    <A extends unknown[], R>(limit: "rate" | "budget", act: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      try {
        return await act(...given);
      } catch (error) {
        return count(limit, error);
      }
    };
  const countingNow =
    (limit: "rate" | "address", act: (subject: string) => void) =>
    (subject: string): void => {
      try {
        act(subject);
      } catch (error) {
        count(limit, error);
      }
    };
  return {
    ...limits,
    countRequest: counting("rate", limits.countRequest),
    reserveCall: counting("budget", limits.reserveCall),
    countStranger: countingNow("rate", limits.countStranger),
    badCredential: countingNow("address", limits.badCredential),
  };
}
