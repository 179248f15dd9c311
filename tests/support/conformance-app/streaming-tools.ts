import { setTimeout as delay } from "node:timers/promises";
import { text, type Register } from "./fixture.ts";

const STEP_MS = 50;
const AWAY_MS = 100;
const STEPS = ["Tool execution started", "Tool processing data", "Tool execution completed"];

/** Tools that say something before they answer, or end the stream before that. */
export const registerStreamingTools: Register = (server) => {
  const annotations = { readOnlyHint: true };

  for (const name of ["test_tool_with_logging", "test_logging_tool"]) {
    server.registerTool(
      name,
      { description: "Writes three log messages while it works.", annotations },
      async ({ mcpReq }) => {
        for (const [number, step] of STEPS.entries()) {
          if (number > 0) await delay(STEP_MS, undefined, { signal: mcpReq.signal });
          await mcpReq.log("info", step, "conformance-app");
        }
        return text("Three log messages were written.");
      },
    );
  }

  server.registerTool(
    "test_tool_with_progress",
    { description: "Reports its progress in three steps.", annotations },
    async ({ mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken;
      for (const progress of [0, 50, 100]) {
        if (progress > 0) await delay(STEP_MS, undefined, { signal: mcpReq.signal });
        if (progressToken === undefined) continue;
        await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
      }
      return text("The progress was reported.");
    },
  );

  server.registerTool(
    "test_reconnection",
    { description: "Ends its stream before it answers; the answer waits for whoever resumes.", annotations },
    async ({ http, mcpReq }) => {
      http?.closeSSE?.();
      await delay(AWAY_MS, undefined, { signal: mcpReq.signal });
      return text("The client came back for this answer.");
    },
  );
};
