import { connect } from "node:net";
import type { Network } from "@agent-personas/relay/http/outbound/pinned-request";
import { listen } from "./listen.ts";

export type DocumentNetwork = {
  /** Give it to the relay: every host has a public address, and every connection ends here. */
  network: Network;
  /** The addresses that were asked for. */
  asked: string[];
} & AsyncDisposable;

/** The internet as far as the relay reads client metadata documents; nothing leaves this computer. */
export async function startDocumentNetwork(
  documents: readonly { id: string; document: Record<string, unknown> }[],
): Promise<DocumentNetwork> {
  const asked: string[] = [];
  const listening = await listen((request, response) => {
    const address = `https://${request.headers.host ?? ""}${request.url ?? ""}`;
    asked.push(address);
    const found = documents.find(({ id }) => id === address);
    if (found === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(found.document));
  });
  return {
    network: { resolve: async () => ["93.184.215.14"], dial: () => connect(listening.port, "127.0.0.1") },
    asked,
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}
