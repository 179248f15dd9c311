import { ProxyTracerProvider, type Tracer } from "@opentelemetry/api";
import type { TracingSettings } from "./tracing-settings.ts";

export type Tracing = {
  tracer: Tracer;
  /** Sends what is left, within the exporter's own deadline. */
  close: () => Promise<void>;
};

const NAME = "agent-personas-relay";

/**
 * Traces, where the settings say where to: the SDK is loaded for those and for nobody else. Without, callers' trace
 * contexts are carried to the apps as they came.
 */
export async function startTracing(settings: TracingSettings | null, version: string): Promise<Tracing> {
  if (settings === null) {
    return { tracer: new ProxyTracerProvider().getTracer(NAME, version), close: () => Promise.resolve() };
  }
  const { createProvider } = await import("./tracer-provider.ts");
  const provider = createProvider(settings, version);
  return { tracer: provider.getTracer(NAME, version), close: () => provider.shutdown() };
}
