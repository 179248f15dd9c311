import { extensionApi as api } from "./extension-api.ts";

export type MessageSender = {
  id?: string | undefined;
  url?: string | undefined;
  origin?: string | undefined;
  frameId?: number | undefined;
  documentLifecycle?: string | undefined;
  tab?: object | undefined;
};
export type Unsubscribe = () => void;

export const runtime = {
  id: (): string => api().runtime.id,
  version: (): string => api().runtime.getManifest().version,
  getURL: (path: string): string => api().runtime.getURL(path),
  sendMessage: async (message: unknown): Promise<unknown> => {
    const reply: unknown = await api().runtime.sendMessage(message);
    return reply;
  },
  /** The listener must answer; its promise may take as long as it needs. Call it synchronously at start. */
  onMessage(listener: (message: unknown, sender: MessageSender) => Promise<unknown>): Unsubscribe {
    const events = api().runtime.onMessage;
    const handle = (message: unknown, sender: MessageSender, respond: (reply: unknown) => void): true => {
      void listener(message, sender).then(respond, () => respond(undefined));
      return true;
    };
    events.addListener(handle);
    return () => events.removeListener(handle);
  },
  onInstalled(listener: (reason: string) => void): void {
    api().runtime.onInstalled.addListener(({ reason }) => listener(reason));
  },
  onStartup(listener: () => void): void {
    api().runtime.onStartup.addListener(listener);
  },
};

/** In memory only, gone when the browser ends, kept when the worker is killed. */
export type SessionStorage = {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  setAll(values: Readonly<Record<string, unknown>>): Promise<void>;
  remove(key: string): Promise<void>;
  removeAll(keys: readonly string[]): Promise<void>;
};

export const sessionStorage: SessionStorage = {
  get: async (key) => (await api().storage.session.get(key))[key],
  set: (key, value) => api().storage.session.set({ [key]: value }),
  setAll: (values) => api().storage.session.set({ ...values }),
  remove: (key) => api().storage.session.remove(key),
  removeAll: (keys) => api().storage.session.remove([...keys]),
};

/** Everything whose key begins with `prefix`. */
export async function listSessionStorage(prefix: string): Promise<Record<string, unknown>> {
  const all = await api().storage.session.get(null);
  return Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith(prefix)));
}

export const alarms = {
  create: async (name: string, periodInMinutes: number): Promise<void> => {
    await api().alarms.create(name, { periodInMinutes });
  },
  onAlarm(listener: (name: string) => void): void {
    api().alarms.onAlarm.addListener((alarm) => listener(alarm.name));
  },
};

export type WebAuthFlow = {
  url: string;
  interactive: boolean;
  /** Silent flows only: wait for redirects made by script, at most this long. */
  silentTimeoutMs?: number;
};

export type Identity = {
  /** Address that ends a web authorization flow; servers must be told exactly this text. */
  redirectUrl(): string;
  /** Another one, so that no app's server can have a code of an identity provider sent to it. */
  providerRedirectUrl(): string;
  /** Resolves with the address that the flow ended at. */
  launchWebAuthFlow(flow: WebAuthFlow): Promise<string>;
};

export const identity: Identity = {
  redirectUrl: () => api().identity.getRedirectURL("oauth"),
  providerRedirectUrl: () => api().identity.getRedirectURL("oauth/provider"),
  async launchWebAuthFlow({ url, interactive, silentTimeoutMs }) {
    const silent = interactive
      ? {}
      : { abortOnLoadForNonInteractive: false, timeoutMsForNonInteractive: silentTimeoutMs ?? 10_000 };
    const end = await api().identity.launchWebAuthFlow({ url, interactive, ...silent });
    if (end === undefined) throw new Error("The flow ended without an address.");
    return end;
  },
};

/** `request` works only inside a click of a page, before its first await. */
export const permissions = {
  contains: (patterns: string[]): Promise<boolean> => api().permissions.contains({ origins: patterns }),
  request: (patterns: string[]): Promise<boolean> => api().permissions.request({ origins: patterns }),
  remove: (patterns: string[]): Promise<boolean> => api().permissions.remove({ origins: patterns }),
  onAdded(listener: () => void): void {
    api().permissions.onAdded.addListener(() => listener());
  },
};

export const action = {
  async setBadge(text: string, color: string): Promise<void> {
    await api().action.setBadgeText({ text });
    await api().action.setBadgeBackgroundColor({ color });
  },
  setTitle: (title: string): Promise<void> => api().action.setTitle({ title }),
};

export const notifications = {
  show: async (id: string, text: { title: string; message: string }): Promise<void> => {
    await api().notifications.create(id, { type: "basic", iconUrl: api().runtime.getURL("icon/128.png"), ...text });
  },
  /** Call it synchronously at start, or the browser would not wake the worker for a click. */
  onClicked(listener: (id: string) => void): void {
    api().notifications.onClicked.addListener((id) => {
      void api().notifications.clear(id);
      listener(id);
    });
  },
};

/** One script that runs in top-level pages of `pattern`; registered while running, so that no other page has it. */
export const pageScript = (id: string, file: string) => ({
  registered: async (): Promise<string[] | null> => {
    const [script] = await api().scripting.getRegisteredContentScripts({ ids: [id] });
    return script === undefined ? null : (script.matches ?? []);
  },
  register: (pattern: string): Promise<void> =>
    api().scripting.registerContentScripts([
      { id, js: [file], matches: [pattern], runAt: "document_end", allFrames: false, persistAcrossSessions: true },
    ]),
  unregister: (): Promise<void> => api().scripting.unregisterContentScripts({ ids: [id] }),
});

export const tabs = {
  async create(url: string): Promise<void> {
    await api().tabs.create({ url });
  },
};
