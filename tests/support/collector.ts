import { z } from "zod";
import { listen } from "./listen.ts";

const valueSchema = z.looseObject({ stringValue: z.string().optional(), intValue: z.unknown().optional() });
const spanSchema = z.looseObject({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes: z.array(z.looseObject({ key: z.string(), value: valueSchema })).default([]),
});
const exportSchema = z.looseObject({
  resourceSpans: z.array(
    z.looseObject({ scopeSpans: z.array(z.looseObject({ spans: z.array(spanSchema).default([]) })) }),
  ),
});

export type CollectedSpan = z.infer<typeof spanSchema>;

/** What OpenTelemetry programs send their spans to (OTLP over HTTP, as JSON). */
export async function startCollector(): Promise<
  { url: string; spans: CollectedSpan[]; bodies: string[] } & AsyncDisposable
> {
  const spans: CollectedSpan[] = [];
  const bodies: string[] = [];
  const listening = await listen((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      bodies.push(body);
      const { resourceSpans } = exportSchema.parse(JSON.parse(body));
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  return { url: listening.origin, spans, bodies, [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose]() };
}
