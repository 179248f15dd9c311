import { expect, test } from "vitest";
import { operatingSystemOf } from "./operating-system.ts";

test("reads the operating system from the browser's platform and takes Linux for the rest", () => {
  expect(["MacIntel", "macOS", "Win32", "Windows", "Linux x86_64", ""].map(operatingSystemOf)).toEqual([
    "macos",
    "macos",
    "windows",
    "windows",
    "linux",
    "linux",
  ]);
});
