import { AppError } from "@agent-personas/shared/errors/app-error";
import type { FastifyReply } from "fastify";
import { z } from "zod";

/**
 * Sends an SDK answer. `onEnd` is called once, when the last byte is out or the client has gone. `json` is for
 * clients that read no stream: one answer, or all answers of a batch. It is read whole first, so nothing may be
 * written before the answers of such a client (`hearsStreams` of its exchange).
 */
export async function sendWebResponse(
  response: Response,
  reply: FastifyReply,
  options: { json: "one" | "batch" | null; onEnd: () => void },
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
  if (options.json !== null) {
    const text = await response.text().finally(options.onEnd);
    return reply.header("content-type", "application/json").send(answersIn(text, options.json));
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

const answerSchema = z.union([z.looseObject({ result: z.unknown() }), z.looseObject({ error: z.looseObject({}) })]);

/** The answers in an event stream, without the notifications before them. */
function answersIn(stream: string, form: "one" | "batch"): string {
  const answers = stream
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => line.slice("data: ".length))
    // An event without data only tells where the stream begins.
    .filter((data) => data !== "")
    .filter((data) => answerSchema.safeParse(JSON.parse(data)).success);
  if (form === "batch") return `[${answers.join(",")}]`;
  const [answer] = answers;
  // The session was ended before there was one.
  if (answer === undefined) throw new AppError("session_unknown");
  return answer;
}
