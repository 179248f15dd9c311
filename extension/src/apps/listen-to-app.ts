import type { Client, McpSubscription } from "@modelcontextprotocol/client";
import { z } from "zod";

/** Listens to exactly these resources, and to changed lists where the app tells of them. */
export type ListenToApp = (resources: readonly string[], signal: AbortSignal) => Promise<void>;

/**
 * Subscriptions of one session: one by one in the 2025 eras, where changed lists come unasked; in 2026-07-28 one
 * stream for all, opened anew when the wish changes.
 */
export function createListening(client: Client, modern: boolean): ListenToApp {
  const offered = () => client.getServerCapabilities() ?? {};
  let heard = new Set<string>();
  let stream: McpSubscription | null = null;

  const listen = async (resources: readonly string[], signal: AbortSignal): Promise<void> => {
    const before = stream;
    const { tools, prompts, resources: offers } = offered();
    stream = await client.listen(
      {
        ...(tools?.listChanged === true && { toolsListChanged: true }),
        ...(prompts?.listChanged === true && { promptsListChanged: true }),
        ...(offers?.listChanged === true && { resourcesListChanged: true }),
        ...(offers?.subscribe === true && resources.length > 0 && { resourceSubscriptions: [...resources] }),
      },
      { signal },
    );
    // The new one is open: nothing is missed between the two.
    await before?.close();
  };

  const subscribe = async (resources: readonly string[], signal: AbortSignal): Promise<void> => {
    if (offered().resources?.subscribe !== true) return;
    const wanted = new Set(resources);
    for (const uri of wanted) if (!heard.has(uri)) await send("resources/subscribe", uri, signal);
    for (const uri of heard) if (!wanted.has(uri)) await send("resources/unsubscribe", uri, signal);
    heard = wanted;
  };

  const send = (method: string, uri: string, signal: AbortSignal): Promise<unknown> =>
    client.request({ method, params: { uri } }, z.unknown(), { signal });

  return modern ? listen : subscribe;
}
