import { trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { traceparentOf } from "../http/traceparent-of.ts";
import { contextOf, formatTraceparent } from "./traceparent.ts";

const OURS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

test("a trace context is what its header says it is", () => {
  const context = trace.getSpanContext(contextOf(OURS));
  expect(context).toMatchObject({ traceId: OURS.slice(3, 35), spanId: OURS.slice(36, 52), traceFlags: 1 });
  expect(context === undefined ? null : formatTraceparent(context)).toBe(OURS);
  expect(trace.getSpanContext(contextOf(null))).toBeUndefined();
});

test("the header counts before the message, and what is no trace context is none", () => {
  const body = { params: { _meta: { traceparent: OURS.replace("-01", "-00") } } };
  expect(traceparentOf(OURS, body)).toBe(OURS);
  expect(traceparentOf(undefined, body)).toBe(OURS.replace("-01", "-00"));
  for (const wrong of [
    "",
    "00",
    `${OURS}\r\nx-evil: 1`,
    OURS.replace("00-", "ff-"),
    OURS.toUpperCase(),
    `00-${"0".repeat(32)}-b7ad6b7169203331-01`,
    [OURS],
  ]) {
    expect(traceparentOf(wrong, null)).toBeNull();
  }
});
