import { expect, test } from "vitest";
import { checkAppUrl, checkDiscoveredUrl } from "./app-url.ts";

test("an address is normalised, and https is assumed", () => {
  expect(checkAppUrl("  MCP.Example.com/mcp ")).toBe("https://mcp.example.com/mcp");
  expect(checkAppUrl("https://mcp.example.com:443/a?b=c")).toBe("https://mcp.example.com/a?b=c");
});

test.each([
  "http://localhost:3000/mcp",
  "http://127.0.0.1/mcp",
  "http://[::1]:9/",
  "http://10.1.2.3/mcp",
  "http://nas/mcp",
  "http://wiki.intranet/mcp",
  "http://printer.local/",
])("plain http is fine for %s", (url) => {
  expect(checkAppUrl(url)).toBe(new URL(url).href);
});

test.each([
  "http://mcp.example.com/",
  "ftp://mcp.example.com/",
  "javascript://alert(1)",
  "https://ada:secret@mcp.example.com/",
  "https://mcp.example.com/#x",
  "http://8.8.8.8/",
  "https://",
])("%s is refused", (url) => {
  expect(() => checkAppUrl(url)).toThrow(expect.objectContaining({ code: "app_url_forbidden" }));
});

test.each([
  "http://auth.example.com/token",
  "https://localhost/token",
  "https://127.1/token",
  "https://0x7f000001/token",
  "https://[::1]/token",
  "https://[::ffff:10.0.0.1]/token",
  "https://[64:ff9b::7f00:1]/",
  "https://[fe80::1]/token",
  "https://[fd00::1]/token",
  "https://192.168.0.1/token",
  "https://169.254.169.254/latest",
  "https://100.64.0.1/",
  "https://intranet/token",
  "https://db.internal/token",
  "https://localhost./token",
  "https://localhost../token",
  "https://nas.localdomain/token",
  "https://198.18.0.7/token",
  "https://[::ffff:0:7f00:1]/token",
  "https://[64:ff9b:1::7f00:1]/token",
  "https://[2001:0:7f00:1::1]/token",
  "https://[100::1]/token",
  "https://[::127.0.0.1]/token",
  "https://[2002:7f00:1::]/token",
  "https://user:pass@auth.example.com/",
  "data:application/json,{}",
  "not an address",
])("a public app may not name %s", (url) => {
  expect(() => checkDiscoveredUrl("https://mcp.example.com/mcp", url)).toThrow(
    expect.objectContaining({ code: "connect_failed" }),
  );
});

test("a local app may name local and public servers, but no insecure public one", () => {
  const app = "http://localhost:3000/mcp";
  expect(checkDiscoveredUrl(app, "http://127.0.0.1:4000/token").port).toBe("4000");
  expect(checkDiscoveredUrl(app, "https://auth.example.com/token").host).toBe("auth.example.com");
  expect(() => checkDiscoveredUrl(app, "http://auth.example.com/token")).toThrow("insecure");
});

test("an app in the network may name others there, but nothing on this computer", () => {
  const app = "http://nas.lan/mcp";
  expect(checkDiscoveredUrl(app, "http://login.lan/token").host).toBe("login.lan");
  for (const url of ["http://127.0.0.1:4000/token", "https://localhost/token", "http://[::1]:9/"]) {
    expect(() => checkDiscoveredUrl(app, url)).toThrow("this computer");
  }
});
