import { AppError } from "@agent-personas/shared/errors/app-error";
import { expect, test } from "vitest";
import { renderFault, renderOutcome } from "./render-outcome.ts";

const RELAY = "https://relay.example";
const REQUEST = { requestId: "req_1" };
const legacy = (result: Record<string, unknown>) =>
  renderOutcome({ kind: "result", result }, { era: "legacy", requestId: "req_1" }, RELAY);

test("fits a result of the later era to the earlier one, and leaves it alone otherwise", () => {
  expect(legacy({ content: [], resultType: "complete" })).toEqual({ content: [] });
  expect(legacy({ content: [], structuredContent: [1] })).toEqual({ content: [], structuredContent: { result: [1] } });
  expect(legacy({ content: [], structuredContent: null })).toEqual({
    content: [],
    structuredContent: { result: null },
  });
  const plain = { content: [{ type: "unknown" }], structuredContent: { a: 1 }, more: true };
  expect(legacy(plain)).toEqual(plain);
  const modern = { content: [], resultType: "complete", structuredContent: [1] };
  expect(renderOutcome({ kind: "result", result: modern }, { era: "modern", requestId: "req_1" }, RELAY)).toEqual(
    modern,
  );
});

test("renders a fault as text with code, help and the id of its request, and throws what is no fault", () => {
  expect(renderFault(new AppError("persona_paused"), REQUEST, RELAY)).toEqual({
    isError: true,
    _meta: { "agent-personas/requestId": "req_1" },
    content: [
      {
        type: "text",
        text: "This persona is paused by its owner. Nothing was executed. Ask its owner to resume it in the extension. (persona_paused, https://relay.example/help#persona_paused)",
      },
    ],
  });
  expect(() => renderFault(new Error("a bug"), REQUEST, RELAY)).toThrow("a bug");
  expect(() => legacy({ _meta: 5 })).toThrow("The app's result is not valid");
});
