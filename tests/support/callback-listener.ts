import { listen } from "./listen.ts";

export type CallbackListener = {
  /** A redirect address on loopback. */
  url: string;
  /** The next call to it, or the one that came meanwhile; each is handed out once. */
  next: () => Promise<URL>;
} & AsyncDisposable;

const WAIT_MS = 30_000;

/** Where a native client waits for its code. */
export async function startCallbackListener(path = "/callback"): Promise<CallbackListener> {
  const came: URL[] = [];
  const listening = await listen((request, response) => {
    const url = new URL(request.url ?? "/", listening.origin);
    if (url.pathname === path) came.push(url);
    response.writeHead(url.pathname === path ? 200 : 404, { "content-type": "text/plain" });
    response.end("You can close this page.");
  });
  return {
    url: `${listening.origin}${path}`,
    async next() {
      for (const end = Date.now() + WAIT_MS; Date.now() < end;) {
        const url = came.shift();
        if (url !== undefined) return url;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error("Nobody came back to the client.");
    },
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}
