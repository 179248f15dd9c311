import { z } from "zod";

/** The variables that every OpenTelemetry program understands, as far as the relay reads them itself. */
export const tracingEnvironment = {
  OTEL_SDK_DISABLED: z.enum(["true", "false"]).default("false"),
  OTEL_TRACES_EXPORTER: z.enum(["otlp", "none"]).default("otlp"),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/u }).optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url({ protocol: /^https?$/u }).optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.literal("http/json").optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z.literal("http/json").optional(),
  OTEL_SERVICE_NAME: z.string().min(1).max(200).default("agent-personas-relay"),
  OTEL_TRACES_SAMPLER: z
    .enum([
      "always_on",
      "always_off",
      "traceidratio",
      "parentbased_always_on",
      "parentbased_always_off",
      "parentbased_traceidratio",
    ])
    .default("parentbased_always_on"),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
};

const schema = z.object(tracingEnvironment);

export type TracingSettings = Readonly<{
  /** Where spans are sent. */
  url: string;
  serviceName: string;
  sampler: z.output<typeof schema>["OTEL_TRACES_SAMPLER"];
  /** Of the traces, for the samplers that take a part. */
  ratio: number;
}>;

/** Null unless an address to send spans to is given and nothing turns them off. */
export function readTracing(values: z.output<typeof schema>): TracingSettings | null {
  if (values.OTEL_SDK_DISABLED === "true" || values.OTEL_TRACES_EXPORTER === "none") return null;
  const url = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? below(values.OTEL_EXPORTER_OTLP_ENDPOINT);
  if (url === null) return null;
  return Object.freeze({
    url,
    serviceName: values.OTEL_SERVICE_NAME,
    sampler: values.OTEL_TRACES_SAMPLER,
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
  });
}

const below = (endpoint: string | undefined): string | null =>
  endpoint === undefined ? null : `${endpoint.replace(/\/+$/u, "")}/v1/traces`;
