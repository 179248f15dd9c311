import { expect, onTestFinished, test, vi } from "vitest";
import { createAppListening, type AppNotice } from "./app-listening.ts";
import { openSession, type Session } from "./open-session.ts";
import { setUpApps } from "./test-support/set-up.ts";
import { startTalkingApp } from "./test-support/talking-app.ts";

const eras = ["legacy", "modern"] as const;

test.each(eras)(
  "one stream of a %s app brings what changed, whatever is listened to, until nobody listens",
  async (era) => {
    await using app = await startTalkingApp(era);
    await using apps = await setUpApps();
    const connectionId = await apps.add(app.url, "none");
    const notices: AppNotice[] = [];
    const { listen } = apps.listenOver((notice) => notices.push(notice));
    onTestFinished(() => listen(new Map()));
    listen(new Map([[connectionId, ["notes://one"]]]));
    await vi.waitFor(() => expect(app.streams()).toBeGreaterThan(0), { timeout: 5_000 });
    await vi.waitFor(() => {
      app.resourceUpdated("notes://one");
      expect(notices.map(({ method }) => method)).toContain("notifications/resources/updated");
    });
    expect(notices[0]).toMatchObject({ connectionId, params: { uri: "notes://one" } });
    await vi.waitFor(() => {
      app.toolsChanged();
      expect(notices.map(({ method }) => method)).toContain("notifications/tools/list_changed");
    });

    listen(new Map([[connectionId, ["notes://one", "notes://two"]]]));
    await vi.waitFor(() => {
      app.resourceUpdated("notes://two");
      expect(notices.some(({ params }) => params["uri"] === "notes://two")).toBe(true);
    });

    listen(new Map());
    await vi.waitFor(() => {
      notices.length = 0;
      app.resourceUpdated("notes://one");
      return new Promise<void>((resolve, reject) => {
        setTimeout(() => (notices.length === 0 ? resolve() : reject(new Error("still heard"))), 50);
      });
    });
  },
);

test("an app that cannot be reached is left alone, and the others are heard", async () => {
  await using app = await startTalkingApp("modern");
  await using apps = await setUpApps();
  const gone = await apps.add("http://127.0.0.1:9/mcp", "none");
  const connectionId = await apps.add(app.url, "none");
  const notices: AppNotice[] = [];
  const { listen } = apps.listenOver((notice) => notices.push(notice));
  onTestFinished(() => listen(new Map()));
  listen(
    new Map([
      [gone, []],
      [connectionId, []],
    ]),
  );
  await vi.waitFor(() => {
    app.toolsChanged();
    expect(notices).toContainEqual(expect.objectContaining({ connectionId }));
  });
});

test.each(eras)(
  "a %s app that restarts is heard again, and asked for the newest wish",
  async (era) => {
    await using app = await startTalkingApp(era);
    await using apps = await setUpApps();
    const connectionId = await apps.add(app.url, "none");
    const notices: AppNotice[] = [];
    const { listen } = apps.listenOver((notice) => notices.push(notice));
    onTestFinished(() => listen(new Map()));
    listen(new Map([[connectionId, ["notes://one"]]]));
    const hear = (uri: string) =>
      vi.waitFor(
        () => {
          app.resourceUpdated(uri);
          expect(notices.map(({ params }) => params["uri"])).toContain(uri);
        },
        { timeout: 15_000, interval: 50 },
      );
    await hear("notes://one");
    await app.restart();
    notices.length = 0;
    await hear("notes://one");
    listen(new Map([[connectionId, ["notes://two"]]]));
    await hear("notes://two");
  },
  30_000,
);

const unused = () => Promise.reject(new Error("not for listening"));
const nothing = () => Promise.resolve();

/** Sessions whose end the test decides. */
function endingSessions() {
  const ends: (() => void)[] = [];
  const openListening = (): Promise<Session> => {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    ends.push(resolve);
    const methods = { callTool: unused, request: unused, setLogLevel: unused };
    const session = { server: null, protocol: "2025-11-25", modern: false, stateful: true };
    return Promise.resolve({ ...session, ...methods, listen: nothing, ended, close: nothing });
  };
  return { ends, openListening };
}

test("an app that ends each stream at once is asked ever less often, and not at all when nobody listens", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { ends, openListening } = endingSessions();
  const { listen } = createAppListening({
    sessions: { openListening },
    onNotice: () => undefined,
    now: Date.now,
    random: () => 1,
  });
  listen(new Map([["connection_1", []]]));
  await vi.advanceTimersByTimeAsync(0);
  /** How many sessions there were when the one before had ended so long ago. */
  const endAndWait = async (ms: number): Promise<number> => {
    ends.at(-1)?.();
    await vi.advanceTimersByTimeAsync(ms);
    return ends.length;
  };
  let opened = 1;
  for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]) {
    expect(await endAndWait(seconds * 1_000 - 1)).toBe(opened);
    // A new wish does not hurry.
    listen(new Map([["connection_1", [`notes://${seconds}`]]]));
    expect(await endAndWait(1)).toBe((opened += 1));
  }
  // One that was heard for long begins anew.
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await endAndWait(1_000)).toBe(opened + 1);
  await endAndWait(0);
  listen(new Map());
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(ends).toHaveLength(opened + 1);
});

test.each(eras)("a stream of a %s app outlives the time that it may take to open it", async (era) => {
  await using app = await startTalkingApp(era);
  const heard: string[] = [];
  const session = await openSession({
    appUrl: app.url,
    fetch: (url, init) => fetch(url, init),
    version: "0.1.0",
    timeoutMs: 5_000,
    listens: true,
    onNotice: (method) => heard.push(method),
  });
  onTestFinished(() => session.close());
  await session.listen(["notes://one"], 300);
  await new Promise((resolve) => setTimeout(resolve, 400));
  await vi.waitFor(() => {
    app.resourceUpdated("notes://one");
    expect(heard).toContain("notifications/resources/updated");
  });
});
