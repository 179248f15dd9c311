import { expect, test } from "vitest";
import { readPairingText } from "./pairing-link.ts";

test("a pasted link gives relay and code", () => {
  expect(readPairingText(" https://relay.example.org/pair#abcd-efgh \n")).toEqual({
    relayUrl: "https://relay.example.org",
    host: "relay.example.org",
    code: "abcd-efgh",
  });
});

test("an address gives the relay only, with the scheme it must have", () => {
  expect(readPairingText("relay.example.org")).toMatchObject({ relayUrl: "https://relay.example.org", code: null });
  expect(readPairingText("127.0.0.1:8787/")).toMatchObject({
    relayUrl: "http://127.0.0.1:8787",
    host: "127.0.0.1:8787",
  });
  expect(readPairingText("localhost:8787")).toMatchObject({ relayUrl: "http://localhost:8787" });
});

test("a relay below a path keeps its path", () => {
  expect(readPairingText("https://example.org/relay/pair#x")?.relayUrl).toBe("https://example.org/relay");
});

test("what is no address, or hides its host behind a user name, is refused", () => {
  for (const text of [
    "",
    "two words",
    "javascript:alert(1)",
    "ftp://relay.example.org",
    "https://relay.example.org@evil.example/",
  ]) {
    expect(readPairingText(text)).toBeNull();
  }
});
