import { connect, createServer, type Socket } from "node:net";

export type CutProxy = {
  /** The address to give to the relay as its public URL. */
  url: string;
  /** Where the relay really listens. */
  target: { port: number };
  /** Cuts the tunnels that are open, as a network that goes away; other connections stay. Answers how many. */
  cutTunnels: () => number;
} & AsyncDisposable;

/** Passes TCP on to a relay and can cut the tunnels. */
export async function startCutProxy(): Promise<CutProxy> {
  const target = { port: 0 };
  const sockets = new Set<Socket>();
  const tunnels = new Set<Socket>();
  const server = createServer((outer) => {
    const inner = connect(target.port, "127.0.0.1");
    outer.once("data", (chunk) => chunk.toString("latin1").startsWith("GET /socket.io") && tunnels.add(outer));
    for (const [from, to] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        tunnels.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return {
    url: `http://localhost:${address.port}`,
    target,
    cutTunnels() {
      const count = tunnels.size;
      for (const tunnel of tunnels) tunnel.destroy();
      return count;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
