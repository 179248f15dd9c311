import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";

/** Messages; each may cost as much as a request of its own. */
const LONGEST = 100;

/** Batches exist in the revision 2025-03-26 only. */
export function checkBatch(body: unknown, protocol: string): void {
  if (!Array.isArray(body)) return;
  if (body.length > LONGEST) {
    throw new ProtocolError(ProtocolErrorCode.InvalidRequest, `A batch has at most ${LONGEST} messages`);
  }
  if (protocol === "2025-03-26") return;
  throw new ProtocolError(ProtocolErrorCode.InvalidRequest, `Batches are not part of protocol revision ${protocol}`);
}
