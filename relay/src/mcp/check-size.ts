import { AppError } from "@agent-personas/shared/errors/app-error";
import { REQUEST_BYTES } from "@agent-personas/shared/mcp/protocol";

/** Refuses a body by its declared length before a byte of it is read. */
export function checkSize(contentLength: string | undefined): void {
  if (Number(contentLength ?? 0) > REQUEST_BYTES) throw new AppError("payload_too_large");
}
