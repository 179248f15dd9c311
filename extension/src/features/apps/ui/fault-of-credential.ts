import type { AppError } from "@agent-personas/shared/errors/app-error";
import type { AppRow, ConnectionRow } from "../../../db/rows.ts";

export type Fault = Pick<AppError, "code" | "detail">;

/** An app that takes headers and asks for a sign-in refuses the headers: nobody can sign in there. */
export function faultOfCredential(
  fault: Fault,
  app: Pick<AppRow, "credential">,
  connection: Pick<ConnectionRow, "headerNames">,
): Fault {
  if (app.credential !== "headers" || fault.code !== "app_needs_sign_in" || connection.headerNames.length === 0) {
    return fault;
  }
  return { code: "header_invalid", detail: { header: connection.headerNames.join(", ") } };
}
