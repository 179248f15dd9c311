import { expect, test } from "vitest";
import { countTests } from "../count-tests.mjs";

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((outcome) => ({ status: outcome })),
});
const report = (
  counts: Partial<Record<"passed" | "failed" | "pending" | "todo", number>>,
  files = [file("passed")],
) => ({
  numPassedTests: counts.passed ?? 0,
  numFailedTests: counts.failed ?? 0,
  numPendingTests: counts.pending ?? 0,
  numTodoTests: counts.todo ?? 0,
  testResults: files,
});

test("counts what passed and failed", () => {
  expect(countTests(report({ passed: 5 }), 0)).toEqual({ passed: 5, failed: 0 });
  expect(countTests(report({ passed: 5, failed: 2 }, [file("failed", "failed", "failed")]), 1)).toEqual({
    passed: 5,
    failed: 2,
  });
});

test("counts what did not run as failed", () => {
  expect(countTests(report({ passed: 5, pending: 1, todo: 1 }), 0)).toEqual({ passed: 5, failed: 2 });
  expect(countTests(report({ passed: 5 }, [file("failed")]), 1)).toEqual({ passed: 5, failed: 1 });
  expect(countTests(report({ passed: 5 }), 1)).toEqual({ passed: 5, failed: 1 });
  expect(countTests(null, 1)).toEqual({ passed: 0, failed: 1 });
});
