import type { ErrorCode } from "@agent-personas/shared/errors/codes";

/** What the page offers on a fault of connecting, besides its text. */
export type Remedy = "connect" | "sign-in" | "allow" | "headers" | "pair" | "none";

export function remedyOf(code: ErrorCode): Remedy {
  switch (code) {
    case "connect_redirect_refused":
    case "connect_client_rejected":
    case "connect_client_refused":
    case "connect_server_changed":
    case "client_key_invalid":
    case "provider_url_forbidden":
      return "sign-in";
    case "connect_permission":
      return "allow";
    case "header_invalid":
      return "headers";
    case "not_paired":
      return "pair";
    case "app_not_found":
    case "app_exists":
    case "app_url_forbidden":
    case "connect_not_mcp":
      return "none";
    default:
      return "connect";
  }
}
