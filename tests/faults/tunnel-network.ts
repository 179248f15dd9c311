import { connect, createServer, type Socket } from "node:net";

/** Said by whom: what is held, the other side does not hear. */
export type Direction = "from-relay" | "from-device";

/** The network between browsers and relay; other connections pass it untouched. */
export type TunnelNetwork = {
  /** The address to give to the relay as its public URL. */
  url: string;
  /** Where the relay really listens. */
  target: { port: number };
  /** Tunnels that are open now. */
  tunnels: () => number;
  /** Ends the tunnels that are open; what is held is lost. */
  cut: () => void;
  /** Nothing passes in this direction, on tunnels that are open, until they are cut or it is released. */
  hold: (direction: Direction) => void;
  release: () => void;
  /** As for a computer that sleeps: nothing passes on tunnels that are open, and neither end hears that the other closed. */
  silence: () => void;
  /** Bytes that tunnels brought in this direction so far. */
  brought: (direction: Direction) => number;
  /** Each call that the relay sends arrives twice from now on; the answer ends that. */
  repeatCalls: () => () => void;
} & AsyncDisposable;

type Tunnel = { outer: Socket; inner: Socket; silent: boolean };

export async function startTunnelNetwork(): Promise<TunnelNetwork> {
  const target = { port: 0 };
  const sockets = new Set<Socket>();
  const tunnels = new Set<Tunnel>();
  const bytes: Record<Direction, number> = { "from-relay": 0, "from-device": 0 };
  let repeats = false;

  /** A short message is one chunk, and one frame, which the relay does not mask. */
  const toDevice = (outer: Socket, chunk: Buffer): void => {
    outer.write(chunk);
    if (repeats && chunk.includes('["call",')) outer.write(chunk);
  };
  const server = createServer((outer) => {
    const inner = connect({ port: target.port, host: "127.0.0.1" });
    const tunnel = { outer, inner, silent: false };
    const close = (other: Socket): void => void (tunnel.silent || other.destroy());
    for (const [from, to] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on("error", () => close(to));
      from.on("close", () => {
        sockets.delete(from);
        tunnels.delete(tunnel);
        close(to);
      });
    }
    outer.once("data", (chunk) => chunk.toString("latin1").startsWith("GET /socket.io") && tunnels.add(tunnel));
    const count = (direction: Direction, { length }: Buffer): void => {
      if (tunnels.has(tunnel)) bytes[direction] += length;
    };
    outer.on("data", (chunk) => {
      count("from-device", chunk);
      inner.write(chunk);
    });
    inner.on("data", (chunk) => {
      count("from-relay", chunk);
      toDevice(outer, chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The network has no port.");
  const said = ({ outer, inner }: Tunnel, direction: Direction): Socket => (direction === "from-relay" ? inner : outer);
  return {
    url: `http://localhost:${address.port}`,
    target,
    tunnels: () => tunnels.size,
    cut() {
      for (const { outer, inner } of tunnels) {
        outer.destroy();
        inner.destroy();
      }
    },
    hold(direction) {
      for (const tunnel of tunnels) said(tunnel, direction).pause();
    },
    release() {
      for (const { outer, inner } of tunnels) {
        outer.resume();
        inner.resume();
      }
    },
    silence() {
      for (const tunnel of tunnels) {
        tunnel.silent = true;
        tunnel.outer.pause();
        tunnel.inner.pause();
      }
    },
    brought: (direction) => bytes[direction],
    repeatCalls() {
      repeats = true;
      return () => {
        repeats = false;
      };
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
