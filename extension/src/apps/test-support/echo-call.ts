/** A call of the tool `echo`, which every server of this folder has. */
export const echoCall = (connectionId: string, text = "hi") => ({
  connectionId,
  callerKey: "persona caller",
  forwardedHeaders: null,
  params: { name: "echo", arguments: { text } },
  signal: new AbortController().signal,
  deadline: AbortSignal.timeout(10_000),
  method: "tools/call" as const,
  capabilities: {},
  logLevel: null,
});
