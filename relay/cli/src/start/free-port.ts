import { createServer } from "node:net";

/** The first of `preferred` that nobody listens on, else any free port of the loopback interface. */
export async function freePort(preferred: readonly (number | null)[]): Promise<number> {
  for (const port of preferred) {
    if (port !== null && (await tryPort(port)) !== null) return port;
  }
  const port = await tryPort(0);
  if (port === null) throw new Error("No free port on 127.0.0.1.");
  return port;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen({ port, host: "127.0.0.1" }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : null));
    });
  });
}
