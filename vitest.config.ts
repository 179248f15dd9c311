import { defineConfig } from "vitest/config";

/** Files share their worker's modules, which takes a third of the time; what a test changes of the process it puts back. */
const shared = { isolate: false, maxWorkers: 2 };
const browser = { fileParallelism: false, maxWorkers: 1, testTimeout: 120_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{shared,relay,extension}/src/**/*.test.ts", "relay/cli/**/*.test.ts"],
          exclude: ["**/node_modules/**"],
          ...shared,
        },
      },
      {
        test: {
          name: "scenarios",
          include: ["tests/{scenarios,security}/**/*.test.ts"],
          testTimeout: 30_000,
          ...shared,
        },
      },
      { test: { name: "faults", include: ["tests/faults/**/*.test.ts"], testTimeout: 30_000, hookTimeout: 60_000 } },
      { test: { name: "long", include: ["tests/long/**/*.test.ts"], fileParallelism: false, maxWorkers: 1 } },
      {
        test: {
          name: "architecture",
          include: ["tests/architecture/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      { test: { name: "conformance", include: ["tests/conformance/**/*.test.ts"], ...browser } },
      { test: { name: "e2e", include: ["tests/e2e/**/*.test.ts"], ...browser } },
    ],
  },
});
