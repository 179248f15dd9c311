import type { Client, McpSubscription } from "@modelcontextprotocol/client";
import { z } from "zod";

/** Listens to exactly these resources, and to changed lists where the app tells of them. Each request within `ms`. */
export type ListenToApp = (resources: readonly string[], ms: number) => Promise<void>;

/**
 * Subscriptions of one session: one by one in the 2025 eras, where changed lists come unasked; in 2026-07-28 one
 * stream for all, opened anew when the wish changes. `onEnd` when the app or the way to it ends that one.
 */
export function createListening(client: Client, options: { modern: boolean; onEnd: () => void }): ListenToApp {
  const offered = () => client.getServerCapabilities() ?? {};
  let heard = new Set<string>();
  let stream: McpSubscription | null = null;

  const listen = async (resources: readonly string[], ms: number): Promise<void> => {
    const before = stream;
    const { tools, prompts, resources: offers } = offered();
    const opened = await client.listen(
      {
        ...(tools?.listChanged === true && { toolsListChanged: true }),
        ...(prompts?.listChanged === true && { promptsListChanged: true }),
        ...(offers?.listChanged === true && { resourcesListChanged: true }),
        ...(offers?.subscribe === true && resources.length > 0 && { resourceSubscriptions: [...resources] }),
      },
      // Of the opening only: a signal would end the stream whenever it is aborted.
      { timeout: ms },
    );
    stream = opened;
    void opened.closed.then((how) => {
      if (how !== "local") options.onEnd();
    });
    // The new one is open: nothing is missed between the two.
    await before?.close();
  };

  const subscribe = async (resources: readonly string[], ms: number): Promise<void> => {
    if (offered().resources?.subscribe !== true) return;
    const wanted = new Set(resources);
    for (const uri of wanted) if (!heard.has(uri)) await send("resources/subscribe", uri, ms);
    for (const uri of heard) if (!wanted.has(uri)) await send("resources/unsubscribe", uri, ms);
    heard = wanted;
  };

  const send = (method: string, uri: string, ms: number): Promise<unknown> =>
    client.request({ method, params: { uri } }, z.unknown(), { timeout: ms });

  return options.modern ? listen : subscribe;
}
