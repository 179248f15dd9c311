import type { FastifyReply } from "fastify";

/** Sends an SDK answer. `onEnd` is called once, when the last byte is out or the client has gone. */
export async function sendWebResponse(
  response: Response,
  reply: FastifyReply,
  options: { onlyJson: boolean; onEnd: () => void },
): Promise<FastifyReply> {
  reply.code(response.status).header("cache-control", "no-store");
  for (const name of ["allow", "content-type", "mcp-session-id"]) {
    const value = response.headers.get(name);
    if (value !== null) reply.header(name, value);
  }
  if (response.body === null || !isStream(response)) {
    const text = await response.text().finally(options.onEnd);
    return reply.send(text === "" ? undefined : text);
  }
  if (options.onlyJson) {
    const text = await response.text().finally(options.onEnd);
    return reply.header("content-type", "application/json").send(lastMessage(text));
  }
  reply.header("x-accel-buffering", "no");
  return reply.send(watched(response.body, options.onEnd));
}

const isStream = (response: Response): boolean =>
  response.headers.get("content-type")?.startsWith("text/event-stream") === true;

/** A comment goes first, so that the client has its headers at once and not with the first message. */
function watched(source: ReadableStream<Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(": open\n\n")),
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        onEnd();
        return controller.close();
      } catch (error) {
        onEnd();
        return controller.error(error);
      }
    },
    cancel: async (reason) => {
      onEnd();
      await reader.cancel(reason);
    },
  });
}

/** The message that ends a stream: the answer, after any notifications. */
function lastMessage(stream: string): string {
  const data = stream.split("\n").filter((line) => line.startsWith("data: {") || line.startsWith("data: ["));
  return data.at(-1)?.slice("data: ".length) ?? "";
}
