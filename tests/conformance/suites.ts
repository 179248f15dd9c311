import type { Era } from "../support/mcp-handler.ts";
import { CONFORMANCE, CONFORMANCE_2025 } from "../support/installed-clients.ts";

/** One official suite: which program with which arguments. */
export type Suite = {
  name: string;
  program: string;
  args: readonly string[];
  /** What the app speaks; both eras unless said. What is there in the earlier era only can be seen only if it speaks that. */
  era?: Era;
};

export const SUITES: readonly Suite[] = [
  { name: "0.1.16", program: CONFORMANCE_2025, args: ["--suite", "all"], era: "legacy" },
  { name: "2025-11-25", program: CONFORMANCE, args: ["--requirements", "2025-11-25"], era: "legacy" },
  { name: "2026-07-28", program: CONFORMANCE, args: ["--requirements", "2026-07-28"] },
];
