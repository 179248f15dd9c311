import type { ClientProcess } from "./installed-clients.ts";

const OPEN_MS = 30_000;

/** The address that a program tells its person to open; when it ended before that, its own words. */
export async function printedAddress(running: ClientProcess): Promise<string> {
  const [address = ""] = await printedText(running, /https?:\/\/\S+\/authorize\?\S+(?=\s)/u);
  return address;
}

/** The page and the code that a program without a browser shows its person. */
export async function printedCode(running: ClientProcess): Promise<{ address: string; code: string }> {
  const [, address = "", code = ""] = await printedText(running, /(https?:\/\/\S+\/device)\s[^]*?code: (\S+)\s/u);
  return { address, code };
}

async function printedText({ printed, ended }: ClientProcess, form: RegExp): Promise<RegExpExecArray> {
  const state = { over: false };
  ended.finally(() => (state.over = true)).catch(() => undefined);
  for (const end = Date.now() + OPEN_MS; Date.now() < end && !state.over;) {
    const found = form.exec(printed());
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The client asked nobody to sign in: ${printed()}`);
}
