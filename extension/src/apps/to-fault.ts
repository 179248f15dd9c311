import { AppError } from "@agent-personas/shared/errors/app-error";
import type { AppRow } from "../db/rows.ts";
import { describeFailure } from "./describe-failure.ts";

export type FaultDeps = { mayReach(url: string): Promise<boolean> };

/**
 * The fault of the catalogue that a failed request to an app means.
 * `use` chooses between the words for AI clients and those for the person who connects an app; a call of a tool that was
 * sent may have been executed.
 */
export async function toFault(
  deps: FaultDeps,
  app: Pick<AppRow, "name" | "url">,
  error: unknown,
  use: "connect" | "call" | "sent-call",
): Promise<AppError> {
  const failure = describeFailure(error);
  const named = { app: app.name };
  const calling = use !== "connect";
  const unreachable = (reason: string, refused = true): AppError => {
    const detail = { ...named, reason, ...(use === "sent-call" && !refused && { sent: "true" }) };
    return new AppError(calling ? "app_unreachable" : "connect_unreachable", { detail, cause: error });
  };
  const unfit = (reason: string, refused = true): AppError =>
    calling
      ? unreachable(reason, refused)
      : new AppError("connect_not_mcp", { detail: { ...named, reason }, cause: error });
  if (failure.kind === "network" && !(await deps.mayReach(app.url))) {
    // Without its permission the browser reports what it also reports for a server that is down.
    return new AppError("connect_permission", { detail: { origins: new URL(app.url).origin }, cause: error });
  }
  switch (failure.kind) {
    case "fault":
      return failure.error;
    case "sign-in":
      return new AppError("app_needs_sign_in", { detail: named, cause: error });
    case "too-large":
      return new AppError("result_too_large", { detail: { cap: "16 MiB" }, cause: error });
    case "ended":
      return calling ? new AppError("outcome_unknown", { cause: error }) : unreachable("the connection broke");
    case "forbidden":
      return unreachable("HTTP 403, access denied");
    case "session-lost":
      return unfit("HTTP 404");
    case "answer":
      return unfit("it refuses the session");
    case "not-mcp":
      return unfit(failure.reason, failure.refused);
    case "network":
    case "unreachable":
      return unreachable(failure.reason, failure.refused);
    default:
      return failure satisfies never;
  }
}
