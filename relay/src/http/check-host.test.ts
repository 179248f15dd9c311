import { expect, test } from "vitest";
import { isOwnHost } from "./check-host.ts";
import { isAllowedOrigin } from "./check-origin.ts";

test.each([
  ["https://relay.example.com", "relay.example.com", true],
  ["https://relay.example.com", "relay.example.com:443", true],
  ["https://relay.example.com", "RELAY.example.com", true],
  ["https://relay.example.com", "relay.example.com:80", false],
  ["https://relay.example.com", "localhost", false],
  ["https://relay.example.com", "relay.example.com.evil.example", false],
  ["https://relay.example.com", "relay.example.com/x", false],
  ["https://relay.example.com", "x@relay.example.com", false],
  ["https://relay.example.com", "", false],
  ["http://localhost:8787", "127.0.0.1:8787", true],
  ["http://localhost:8787", "[::1]:8787", true],
  ["http://localhost:8787", "localhost", false],
  ["http://localhost:8787", "127.0.0.1.evil.example:8787", false],
])("a relay at %s asked as %s: %s", (publicUrl, host, own) => {
  expect(isOwnHost(host, { publicUrl })).toBe(own);
});

test.each([
  [undefined, true],
  ["https://relay.example.com", true],
  ["http://relay.example.com", false],
  ["https://relay.example.com.evil.example", false],
  ["moz-extension://0c1d-2e", true],
  ["chrome-extension://abc.evil.example", false],
  ["null", false],
  ["file://", false],
])("a request from the origin %s: %s", (origin, allowed) => {
  expect(isAllowedOrigin(origin, { publicUrl: "https://relay.example.com", allowedOrigins: [] })).toBe(allowed);
});
