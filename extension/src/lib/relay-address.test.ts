import { expect, test } from "vitest";
import { relayOrigin } from "./relay-address.ts";

test("takes https anywhere and http on this computer only, as an origin", () => {
  expect(relayOrigin("https://relay.example/pair#code")).toBe("https://relay.example");
  expect(relayOrigin("http://127.0.0.1:8080/")).toBe("http://127.0.0.1:8080");
  expect(relayOrigin("http://localhost:1")).toBe("http://localhost:1");
  expect(relayOrigin("http://[::1]:1")).toBe("http://[::1]:1");
});

test("refuses what is not secure, and what only looks local", () => {
  for (const address of ["http://relay.example", "http://127.0.0.1.evil.example", "ftp://localhost", "javascript:1"]) {
    expect(() => relayOrigin(address)).toThrow("https");
  }
  expect(() => relayOrigin("relay")).toThrow("not an address");
});
