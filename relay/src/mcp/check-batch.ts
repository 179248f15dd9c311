import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";

/** Batches exist in the revision 2025-03-26 only. */
export function checkBatch(body: unknown, protocol: string): void {
  if (!Array.isArray(body) || protocol === "2025-03-26") return;
  throw new ProtocolError(ProtocolErrorCode.InvalidRequest, `Batches are not part of protocol revision ${protocol}`);
}
