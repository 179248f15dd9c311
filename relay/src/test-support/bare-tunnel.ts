import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import { Server } from "socket.io";
import { io } from "socket.io-client";

const ANSWER_MS = 30_000;

/** The least that a call through a tunnel can cost: one route that hands its body to one socket and waits. */
export async function startBareServer(): Promise<{ url: string } & AsyncDisposable> {
  const app = Fastify();
  const tunnel = new Server(app.server, { transports: ["websocket"], serveClient: false });
  app.post("/call", async ({ body }, reply) => {
    const [socket] = await tunnel.fetchSockets();
    if (socket === undefined) return reply.code(503).send();
    const answer: unknown = await socket.timeout(ANSWER_MS).emitWithAck("call", body);
    return reply.send(answer);
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      await tunnel.close();
      await app.close();
    },
  };
}

/** The other end: gives back what it is given. */
export function connectBareDevice(url: string): Promise<void> {
  const socket = io(url, { transports: ["websocket"] });
  socket.on("call", (body: unknown, answer: (echo: unknown) => void) => answer(body));
  return new Promise((resolve) => void socket.once("connect", () => resolve()));
}
