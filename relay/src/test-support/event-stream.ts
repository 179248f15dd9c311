import { z } from "zod";

const messageSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});

export type StreamEvent = { id: string | null; retry: number | null; message: z.infer<typeof messageSchema> | null };

/** The events of a stream one after the other, as a client that may leave at any moment reads them. */
export function readEvents(response: Response): {
  /** Null at the end. */
  next: () => Promise<StreamEvent | null>;
  rest: () => Promise<StreamEvent[]>;
  leave: () => Promise<void>;
} {
  if (response.body === null) throw new Error(`No stream: ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const next = async (): Promise<StreamEvent | null> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end >= 0) {
        const event = parse(text.slice(0, end));
        text = text.slice(end + 2);
        if (event !== null) return event;
        continue;
      }
      const { done, value } = await reader.read();
      if (done) return null;
      text += value;
    }
  };
  return {
    next,
    rest: async () => {
      const events: StreamEvent[] = [];
      for (let event = await next(); event !== null; event = await next()) events.push(event);
      return events;
    },
    leave: () => reader.cancel(),
  };
}

/** Null for comments. */
function parse(block: string): StreamEvent | null {
  const lines = block.split("\n").filter((line) => !line.startsWith(":"));
  if (lines.length === 0) return null;
  const field = (name: string): string | null =>
    lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null;
  const [data, retry] = [field("data"), field("retry")];
  return {
    id: field("id"),
    retry: retry === null ? null : Number(retry),
    message: data === null || data === "" ? null : messageSchema.parse(JSON.parse(data)),
  };
}
