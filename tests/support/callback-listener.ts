import { listen } from "./listen.ts";

export type CallbackListener = {
  /** A redirect address on loopback. */
  url: string;
  /** The first call to it. */
  received: Promise<URL>;
} & AsyncDisposable;

const WAIT_MS = 30_000;

/** Where a native client waits for its code. */
export async function startCallbackListener(path = "/callback"): Promise<CallbackListener> {
  const { promise, resolve, reject } = Promise.withResolvers<URL>();
  const timer = setTimeout(() => reject(new Error("Nobody came back to the client.")), WAIT_MS);
  // Only who waits for it is told.
  promise.catch(() => undefined);
  const listening = await listen((request, response) => {
    const url = new URL(request.url ?? "/", listening.origin);
    if (url.pathname !== path) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/plain" }).end("You can close this page.");
    resolve(url);
  });
  return {
    url: `${listening.origin}${path}`,
    received: promise,
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      await listening[Symbol.asyncDispose]();
    },
  };
}
