import type { Fetch } from "./oauth/metadata-fetch.ts";
import { isEventStream, NOT_OFFERED } from "./standing-stream.ts";

/** The SDK asks so often for a stream that ended, and then never again. */
const TRIES = 2;
const NOT_FOUND = 404;

/**
 * The fetch of a session that listens in the 2025 eras; `onLost` when the app's stream is gone for good. The SDK does
 * not say so, neither when it gives up nor of a stream that could not be had at first. An app without such a stream
 * has nothing to lose.
 */
export function watchStream(fetch: Fetch, onLost: () => void): Fetch {
  let wasOpen = false;
  let failures = 0;

  const fail = (isFinal: boolean): void => {
    failures += 1;
    if (isFinal || !wasOpen || failures >= TRIES) onLost();
  };

  return async (input, init) => {
    if (init?.method !== "GET") return fetch(input, init);
    try {
      const response = await fetch(input, init);
      if (isEventStream(response)) {
        wasOpen = true;
        failures = 0;
        return response;
      }
      if (!wasOpen && NOT_OFFERED.has(response.status)) {
        await response.body?.cancel();
        return new Response(null, { status: 405 });
      }
      // The session itself is not known any more.
      fail(response.status === NOT_FOUND);
      return response;
    } catch (error) {
      if (init.signal?.aborted !== true) fail(false);
      throw error;
    }
  };
}
