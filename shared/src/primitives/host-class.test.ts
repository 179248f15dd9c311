import { expect, test } from "vitest";
import { classifyHost, type HostClass } from "./host-class.ts";

const HOSTS: Readonly<Record<HostClass, readonly string[]>> = {
  loopback: [
    "localhost",
    "LOCALHOST.",
    "app.localhost",
    "127.1",
    "0x7f000001",
    "0.0.0.0",
    "[::1]",
    "[::ffff:127.0.0.1]",
  ],
  private: ["10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "198.18.0.1", "[fd00::1]", "[::ffff:10.0.0.1]"],
  "link-local": ["169.254.169.254", "printer.local", "[fe80::1]"],
  "single-label": ["nas", "intranet"],
  public: [
    "example.com",
    "8.8.8.8",
    "172.32.0.1",
    "100.128.0.1",
    "[2606:4700::1111]",
    "[2001:4860:4860::8888]",
    "[64:ff9b::808:808]",
  ],
};

test.each(Object.entries(HOSTS))("hosts that are %s", (expected, hosts) => {
  const classes = hosts.map((host) => [host, classifyHost(new URL(`https://${host}/`).hostname)]);
  expect(classes).toEqual(hosts.map((host) => [host, expected]));
});

test("names of private zones and translated addresses count as what they lead to", () => {
  for (const host of ["wiki.intranet", "nas.lan", "box.home.arpa"]) expect(classifyHost(host)).toBe("private");
  expect(classifyHost("[64:ff9b::7f00:1]")).toBe("loopback");
  expect(classifyHost("[2002:a00:1::]")).toBe("private");
});
