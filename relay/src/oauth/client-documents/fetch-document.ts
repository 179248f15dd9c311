import { sanitiseDocument } from "./sanitise-document.ts";
import { isDocumentAddress } from "./check-document-address.ts";
import { internet, requestPinned, type Network } from "./pinned-request.ts";
import { createWindow } from "./window.ts";

const MAX_BYTES = 10_000;
const DEADLINE_MS = 5_000;
/** A document that could not be used is not asked for again that soon. */
const FAILED_MS = 60_000;
const FAILURES = 1_000;
const WINDOW_MS = 60_000;
const PER_ADDRESS = 30;
const PER_HOST = 20;

/** Reads client metadata documents; in the form that the protocol engine takes for its own fetching. */
export type DocumentFetcher = {
  maxBytes: number;
  /** False when the address is not one of a document, failed just now, or too many were asked for. */
  mayFetch: (documentAddress: string, askedBy: string) => boolean;
  fetch: (input: string | URL | Request) => Promise<Response>;
};

export function createDocumentFetcher(deps: { now: () => number; network?: Network }): DocumentFetcher {
  const network = deps.network ?? internet;
  const failed = new Map<string, number>();
  const perAddress = createWindow({ now: deps.now, limit: PER_ADDRESS, windowMs: WINDOW_MS });
  const perHost = createWindow({ now: deps.now, limit: PER_HOST, windowMs: WINDOW_MS });

  const remember = (address: string): void => {
    const [oldest] = failed.keys();
    if (failed.size >= FAILURES && oldest !== undefined) failed.delete(oldest);
    failed.set(address, deps.now() + FAILED_MS);
  };

  return {
    maxBytes: MAX_BYTES,
    mayFetch: (address, askedBy) =>
      isDocumentAddress(address) &&
      (failed.get(address) ?? 0) <= deps.now() &&
      perAddress.take(askedBy) &&
      perHost.take(new URL(address).host),
    fetch: async (input) => {
      const address = input instanceof Request ? input.url : String(input);
      try {
        const signal = AbortSignal.timeout(DEADLINE_MS);
        const { status, headers, body } = await requestPinned(network, new URL(address), {
          signal,
          maxBytes: MAX_BYTES,
        });
        if (status !== 200) throw new Error(`the document's host answered ${status}`);
        const document = sanitiseDocument(address, body);
        failed.delete(address);
        return new Response(JSON.stringify(document), { status, headers });
      } catch (error) {
        remember(address);
        throw error;
      }
    },
  };
}
