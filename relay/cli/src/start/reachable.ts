import { StartError } from "@agent-personas/relay/start-error";

const ANSWER_MS = 10_000;

/** Refuses an app that does not answer at all, before anything is started for it. */
export async function checkReachable(url: string, signal: AbortSignal): Promise<void> {
  try {
    const answer = await fetch(url, {
      method: "GET",
      redirect: "manual",
      headers: { accept: "text/event-stream" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    await answer.body?.cancel();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new StartError(`The app at ${new URL(url).host} does not answer. Check the address and that it is running.`, {
      cause: error,
    });
  }
}
