import process from "node:process";

// The program that the client suites start where the client is a browser that runs already, for all scenarios: it hands
// the server's address and the scenario's context to `browser-client.ts` and waits until that is through.

const [address = "", url = ""] = process.argv.slice(2);
const context = process.env["MCP_CONFORMANCE_CONTEXT"] ?? "{}";
const response = await fetch(address, { method: "POST", body: JSON.stringify({ url, context }) });
console.log(await response.text());
process.exitCode = response.ok ? 0 : 1;
