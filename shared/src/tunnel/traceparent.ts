import { z } from "zod";

/** A W3C trace context, version 00: trace, span, flags. What it is sent on to is somebody else's server. */
export const traceparentSchema = z
  .string()
  .regex(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/u, "is not a trace context");
