import type { Config } from "../../config.ts";
import { sanitiseDocument } from "./sanitise-document.ts";
import { isDocumentAddress } from "./check-document-address.ts";
import { internet, requestPinned, type Network } from "../../http/outbound/pinned-request.ts";
import { createWindow } from "../../http/outbound/window.ts";

const MAX_BYTES = 10_000;
const DEADLINE_MS = 5_000;
/** A document that could not be used is not asked for again that soon. */
const FAILED_MS = 60_000;
/** How long the last good document stands in for one that cannot be reached. */
const STALE_MS = 24 * 60 * 60_000;
const KEPT = 500;
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

export function createDocumentFetcher(deps: {
  config: Pick<Config, "deviceFlow">;
  now: () => number;
  network?: Network;
}): DocumentFetcher {
  const network = deps.network ?? internet;
  const failed = new Map<string, number>();
  const good = new Map<string, { text: string; until: number }>();
  const perAddress = createWindow({ now: deps.now, limit: PER_ADDRESS, windowMs: WINDOW_MS });
  const perHost = createWindow({ now: deps.now, limit: PER_HOST, windowMs: WINDOW_MS });

  const read = async (address: string): Promise<Response> => {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const answer = await requestPinned(network, new URL(address), { signal, maxBytes: MAX_BYTES }).catch(unreachable);
    if (answer.status >= 500) throw new Unreachable(`the document's host answered ${answer.status}`);
    if (answer.status !== 200) throw new Error(`the document's host answered ${answer.status}`);
    const text = JSON.stringify(sanitiseDocument(address, answer.body, deps.config));
    keep(good, KEPT, address, { text, until: deps.now() + STALE_MS });
    return new Response(text, { headers: answer.headers });
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
        return await read(address);
      } catch (error) {
        const last = good.get(address);
        // A client must not lose its tokens because its host is away for a moment.
        if (error instanceof Unreachable && last !== undefined && last.until > deps.now())
          return new Response(last.text);
        keep(failed, KEPT, address, deps.now() + FAILED_MS);
        throw error;
      }
    },
  };
}

/** The host could not be asked; nothing is known about its document. */
class Unreachable extends Error {}

function unreachable(cause: unknown): never {
  throw new Unreachable(cause instanceof Error ? cause.message : "the document's host cannot be reached", { cause });
}

function keep<T>(kept: Map<string, T>, most: number, key: string, value: T): void {
  const [oldest] = kept.keys();
  kept.delete(key);
  if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
  kept.set(key, value);
}
