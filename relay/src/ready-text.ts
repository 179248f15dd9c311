import type { RunningRelay } from "./start-relay.ts";

/** What whoever starts a relay at a terminal reads: where it is and, on a fresh one, how the first browser is paired. */
export function readyText({ publicUrl, setupCode }: Pick<RunningRelay, "publicUrl" | "setupCode">): string {
  const ready = `The relay is ready at ${publicUrl}\n`;
  if (setupCode === null) return ready;
  // In the fragment, so that opening the link sends the code nowhere.
  const link = `${publicUrl}/pair#${setupCode}`;
  return `${ready}Pairing link (shown once, pairs the first browser): ${link}\nLost it? Start again with --recover.\n`;
}
