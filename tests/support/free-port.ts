import { listen } from "./listen.ts";

/** A port that nobody uses now. */
export async function freePort(): Promise<number> {
  await using listening = await listen(() => undefined);
  return listening.port;
}
