/** One JSON-RPC message of an HTTP answer; of a stream also the id to take it up again from. */
export type ReadMessage = { message: unknown; eventId: string | null };

/** The messages of an answer, whether it is one JSON document or a stream of events. */
export async function* readMessages(response: Response): AsyncGenerator<ReadMessage> {
  if (!(response.headers.get("content-type") ?? "").startsWith("text/event-stream")) {
    const text = await response.text();
    if (text !== "") yield { message: parse(text), eventId: null };
    return;
  }
  let rest = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const events = `${rest}${chunk}`.split(/\r?\n\r?\n/u);
    rest = events.pop() ?? "";
    for (const event of events) yield readEvent(event);
  }
}

function readEvent(event: string): ReadMessage {
  const fields = event.split(/\r?\n/u);
  const of = (name: string): string[] =>
    fields.filter((field) => field.startsWith(`${name}:`)).map((field) => field.slice(name.length + 1).trimStart());
  const data = of("data").join("\n");
  return { message: data === "" ? null : parse(data), eventId: of("id").at(-1) ?? null };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
