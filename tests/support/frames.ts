import { connect, createServer, type Socket } from "node:net";
import { websocketReader } from "./websocket-frames.ts";

export type CapturingProxy = {
  /** The address to give to the relay as its public URL, and to the extension. */
  url: string;
  /** Where the relay really listens; set once it does. */
  target: { port: number };
  /** Text messages of the tunnel, in the order they passed. */
  frames: { from: "device" | "relay"; text: string }[];
  /** Every byte that passed, plain HTTP included, frames unmasked as text. */
  everything: () => string;
  /** Cuts every open connection, as a network that goes away. */
  cut: () => void;
} & AsyncDisposable;

/** Passes TCP on to a relay and keeps what it saw: what anybody on the wire could read. */
export async function startCapturingProxy(): Promise<CapturingProxy> {
  const frames: CapturingProxy["frames"] = [];
  const raw: string[] = [];
  const target = { port: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((device) => {
    const relay = connect(target.port, "127.0.0.1");
    watch(device, relay, "device");
    watch(relay, device, "relay");
  });
  const watch = (source: Socket, sink: Socket, from: "device" | "relay"): void => {
    const read = websocketReader((text) => frames.push({ from, text }));
    sockets.add(source);
    source.on("data", (chunk) => {
      raw.push(chunk.toString("latin1"));
      read(chunk);
    });
    source.on("error", () => sink.destroy());
    source.on("close", () => {
      sockets.delete(source);
      sink.destroy();
    });
    source.pipe(sink);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return {
    url: `http://localhost:${address.port}`,
    target,
    frames,
    everything: () => [...raw, ...frames.map(({ text }) => text)].join("\n"),
    cut: () => sockets.forEach((socket) => socket.destroy()),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
