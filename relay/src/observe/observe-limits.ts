import { isAppError } from "@agent-personas/shared/errors/app-error";
import type { Limits } from "../deps.ts";
import type { Metrics } from "./metrics.ts";

/** The same limits; what they refuse is counted. */
export function observeLimits<T extends Limits>(limits: T, { limitRefusals }: Pick<Metrics, "limitRefusals">): T {
  const counting =
    <A extends unknown[], R>(limit: "rate" | "budget" | "address", act: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      try {
        return await act(...given);
      } catch (error) {
        if (isAppError(error)) limitRefusals.inc({ limit });
        throw error;
      }
    };
  return {
    ...limits,
    countRequest: counting("rate", limits.countRequest),
    reserveCall: counting("budget", limits.reserveCall),
    checkAddress: counting("address", limits.checkAddress),
  };
}
