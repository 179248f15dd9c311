import type { ClientProcess } from "./installed-clients.ts";

const OPEN_MS = 30_000;

/** The address that a program tells its person to open; when it ended before that, its own words. */
export async function printedAddress({ printed, ended }: ClientProcess): Promise<string> {
  const state = { over: false };
  ended.finally(() => (state.over = true)).catch(() => undefined);
  for (const end = Date.now() + OPEN_MS; Date.now() < end && !state.over;) {
    const url = /https?:\/\/\S+\/authorize\?\S+(?=\s)/u.exec(printed())?.[0];
    if (url !== undefined) return url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The client asked nobody to sign in: ${printed()}`);
}
