import { lookup } from "node:dns/promises";
import { request, type IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect } from "node:tls";
import { createAddressCheck } from "./special-address.ts";

/** How names and connections are made; tests give their own. */
export type Network = {
  /** All addresses of a host. */
  resolve: (hostname: string) => Promise<readonly string[]>;
  dial: (target: { address: string; port: number; servername: string }) => Duplex;
};

export const internet: Network = {
  resolve: async (hostname) => (await lookup(hostname, { all: true })).map(({ address }) => address),
  dial: ({ address, port, servername }) =>
    connect({ host: address, port, ...(isIP(servername) === 0 ? { servername } : {}), ALPNProtocols: ["http/1.1"] }),
};

/**
 * Reads an https address without being led anywhere else: the name is resolved once, every address of it must be a
 * public one, and the connection goes to just the address that was checked. Redirects are not followed.
 */
export async function requestPinned(
  network: Network,
  url: URL,
  { signal, maxBytes }: { signal: AbortSignal; maxBytes: number },
): Promise<{ status: number; headers: Headers; body: string }> {
  const address = await within(signal, resolvePublic(network, url.hostname.replaceAll(/^\[|\]$/gu, "")));
  const response = await send(network, url, address, signal);
  const body = await readBody(response, maxBytes);
  const headers = new Headers();
  for (const name of ["cache-control", "expires"] as const) {
    const value = response.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  return { status: response.statusCode ?? 0, headers, body };
}

async function resolvePublic(network: Network, hostname: string): Promise<string> {
  const isSpecial = createAddressCheck();
  const addresses = isIP(hostname) === 0 ? await network.resolve(hostname) : [hostname];
  const [first] = addresses;
  if (first === undefined || addresses.some(isSpecial)) throw new Error("the host has no address that may be asked");
  return first;
}

function send(network: Network, url: URL, address: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () =>
        network.dial({ address, port: Number(url.port || 443), servername: url.hostname.replaceAll(/^\[|\]$/gu, "") }),
      method: "GET",
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        accept: "application/json",
        "user-agent": "agent-personas-relay",
        connection: "close",
      },
      signal,
    });
    asked.once("response", resolve);
    asked.once("error", reject);
    asked.end();
  });
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const part of response) {
    if (!Buffer.isBuffer(part)) throw new Error("the document is not read as bytes");
    bytes += part.length;
    if (bytes > maxBytes) {
      response.destroy();
      throw new Error("the document is too large");
    }
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error("it took too long"));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
