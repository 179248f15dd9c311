import { curlCommand } from "@agent-personas/shared/connect/curl-command";

/** What is printed when everything runs; also the members of the `--json` line. */
export type Ready = { endpoint: string; keyEndpoint: string; accessKey: string; relay: string; console: string };

/** The `--json` line. */
export function readyLine({ endpoint, keyEndpoint, accessKey, relay, console }: Ready): string {
  return JSON.stringify({ endpoint, keyEndpoint, accessKey, relay, console });
}

/** For people: where it is, the key, and one line to try it. */
export function readyText(ready: Ready, persona: { name: string; tools: number }): string {
  return `
${persona.name} is ready, with ${persona.tools} tools.

  Endpoint     ${ready.endpoint}
  Access key   ${ready.accessKey}
  Console      ${ready.console}
  Relay        ${ready.relay}

An AI client that signs in needs the endpoint only. To try the key from another terminal (it lists the tools):

${curlCommand({ url: ready.keyEndpoint, headers: [{ name: "Authorization", value: `Bearer ${ready.accessKey}` }] }).join(" ")}

Ctrl-C stops everything; the data folder stays.
`;
}
