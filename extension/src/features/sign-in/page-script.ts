/** What the browser keeps of a script that was registered while running. */
export type PageScripts = {
  /** The match patterns of the registered script; null when none is registered. */
  registered: () => Promise<string[] | null>;
  register: (pattern: string) => Promise<void>;
  unregister: () => Promise<void>;
};

/** The relay's sign-in pages, port included. */
export const signInPattern = (relayUrl: string): string => `${new URL(relayUrl).origin}/sign-in/*`;

/** Keeps the script registered for the paired relay's sign-in pages only; for none while not paired. */
export async function keepPageScript(scripts: PageScripts, relayUrl: string | null): Promise<void> {
  const present = await scripts.registered();
  const wanted = relayUrl === null ? null : signInPattern(relayUrl);
  if (present !== null && (present.length !== 1 || present[0] !== wanted)) await scripts.unregister();
  else if (present !== null) return;
  if (wanted !== null) await scripts.register(wanted);
}
