import { expect, test } from "vitest";
import { readAppAddress } from "./app-address.ts";

test("an address without a scheme is https, on this computer http", () => {
  expect(readAppAddress("gitlab.example.com/api/mcp")?.href).toBe("https://gitlab.example.com/api/mcp");
  expect(readAppAddress(" localhost:3001/mcp ")?.href).toBe("http://localhost:3001/mcp");
  expect(readAppAddress("127.0.0.1:3001/mcp")?.href).toBe("http://127.0.0.1:3001/mcp");
  expect(readAppAddress("http://intranet/mcp")?.href).toBe("http://intranet/mcp");
});

test("what is no web address is refused", () => {
  for (const text of ["", "not an address", "file:///etc/passwd", "javascript:alert(1)", "https://"]) {
    expect(readAppAddress(text)).toBeNull();
  }
});
