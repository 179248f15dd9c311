import { request, type IncomingHttpHeaders } from "node:http";
import { listen, type Listening } from "./listen.ts";

/**
 * Stands before a server for a client that cannot be given a header: adds it to every request and passes everything
 * else on as it comes, streams included. Whoever names this address is taken to mean the server's; any other Host or
 * Origin stays, because whether the server refuses it is one of the things that are tested.
 */
export async function startHeaderForwarder(
  target: string,
  headers: Record<string, string>,
): Promise<Listening & { url: string }> {
  const to = new URL(target);
  const listening = await listen((incoming, outgoing) => {
    const own = incoming.headers.host === `127.0.0.1:${incoming.socket.localPort}`;
    const passed = { ...incoming.headers, ...headers };
    const forwarded = request(
      { host: to.hostname, port: to.port, path: incoming.url, method: incoming.method, headers: renamed(passed, own) },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        // A stream that the server cuts must look cut here too.
        answer.once("error", () => outgoing.destroy());
      },
    );
    forwarded.once("error", () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
    outgoing.once("close", () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  const renamed = (from: IncomingHttpHeaders, own: boolean): IncomingHttpHeaders => {
    if (!own) return from;
    return { ...from, host: to.host, ...(from.origin === listening.origin ? { origin: to.origin } : {}) };
  };
  return { ...listening, url: `${listening.origin}${to.pathname}` };
}
