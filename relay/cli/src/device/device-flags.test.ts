import { expect, test } from "vitest";
import { readDeviceFlags } from "./device-flags.ts";

const read = (args: string[], env: NodeJS.ProcessEnv = {}) => readDeviceFlags(args, { env, folder: "/srv" });

test("a link names the relay and the code; the environment may carry it instead", () => {
  const link = "https://relay.example.com/pair#abcd-ef%20gh";
  const pairing = { relayUrl: "https://relay.example.com", code: "abcd-ef gh" };
  expect(read(["--pair", link]).pairing).toEqual(pairing);
  expect(read([], { PAIRING_LINK: link }).pairing).toEqual(pairing);
  expect(read([]).pairing).toBeNull();
});

test("keeps its data beside the caller unless told otherwise, and takes several apps", () => {
  const flags = read(["--app", "http://a.example/mcp", "--app", "http://b.example/mcp", "--name", "Nightly"]);
  expect(flags).toMatchObject({ dataFolder: "/srv/.device", name: "Nightly", window: false });
  expect(flags.appUrls).toEqual(["http://a.example/mcp", "http://b.example/mcp"]);
  expect(read(["--data", "mine"]).dataFolder).toBe("/srv/mine");
});

test.each([["--pair", "abcd"], ["--pair", "https://relay.example.com/"], ["--app", "files"], ["--colour"]])(
  "refuses %s %s with its usage",
  (...args) => {
    expect(() => read(args.filter((arg) => arg !== undefined))).toThrow(/Usage: agent-personas device/u);
  },
);
