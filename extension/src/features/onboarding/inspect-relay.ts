import type { RelayInfo } from "@agent-personas/shared/api/devices";
import { AppError } from "@agent-personas/shared/errors/app-error";
import type { RelayApi } from "../../lib/relay-api.ts";
import { relayOrigin } from "../../lib/relay-address.ts";

/**
 * Asks the relay at a pasted address what it is. It must call itself by that address: otherwise it could pass
 * our proofs, which name the relay they are for, on to another one.
 */
export async function inspectRelay(api: RelayApi, pasted: string): Promise<{ url: string; info: RelayInfo }> {
  const url = relayOrigin(pasted);
  const info = await api.info(url);
  if (new URL(info.publicUrl).origin !== url) {
    const problem = `this relay calls itself ${new URL(info.publicUrl).origin}; use that address`;
    throw new AppError("invalid_request", { detail: { problem } });
  }
  return { url, info };
}
