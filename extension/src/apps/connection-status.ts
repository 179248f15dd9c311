import type { ErrorCode, ErrorDetail } from "@agent-personas/shared/errors/codes";
import type { AppStatus } from "@agent-personas/shared/tunnel/messages";
import type { Database } from "../db/database.ts";
import { NOT_RENEWED } from "./refresh.ts";

export type Problem = { code: ErrorCode; detail: ErrorDetail };

export type StatusReporter = {
  /** Records what the app's last answer means. Never rejects: a call must not fail because of it. */
  report(connectionId: string, status: AppStatus, problem?: Problem | null): Promise<void>;
};

/** An unchanged status is written at most this often, so that calls do not wait for the disk. */
const REWRITE_MS = 60_000;

export function createStatusReporter(deps: { database: Database; now: () => number }): StatusReporter {
  const last = new Map<string, { text: string; at: number }>();

  return {
    async report(connectionId, status, problem = null) {
      const at = deps.now();
      const text = `${status} ${JSON.stringify(problem)}`;
      const before = last.get(connectionId);
      if (before?.text === text && at - before.at < REWRITE_MS) return;
      last.set(connectionId, { text, at });
      const missingOrigins = problem?.code === "connect_permission" ? splitOrigins(problem.detail) : [];
      try {
        await deps.database.connections.update(connectionId, { status, problem, statusAt: at, missingOrigins });
      } catch {
        last.delete(connectionId);
      }
    },
  };
}

const splitOrigins = (detail: ErrorDetail): string[] => (detail["origins"] ?? "").split(", ").filter(Boolean);

/** The status that a fault of a connection means; null when it says nothing about the connection. */
export function statusOf({ code, detail }: Problem): AppStatus | null {
  if (detail["reason"] === NOT_RENEWED) return "expired";
  switch (code) {
    case "app_needs_sign_in":
    case "connect_denied":
    case "connect_scope_missing":
    case "connect_client_rejected":
    case "connect_client_refused":
    case "connect_provider_refused":
    case "connect_other_person":
    case "connect_server_changed":
    case "connect_redirect_refused":
    case "connect_failed":
    case "connect_timeout":
      return "needs_sign_in";
    case "app_unreachable":
    case "connect_unreachable":
    case "connect_not_mcp":
      return "unreachable";
    case "connect_permission":
      return "permission_missing";
    case "owner_locked":
      return "locked";
    default:
      return null;
  }
}
