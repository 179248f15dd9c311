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
function endingSessions(listen: Session["listen"] = nothing) {
  const ends: (() => void)[] = [];
  const openListening = (): Promise<Session> => {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    ends.push(resolve);
    const methods = { callTool: unused, request: unused, setLogLevel: unused };
    const session = { server: null, protocol: "2025-11-25", modern: false, stateful: true };
    return Promise.resolve({ ...session, ...methods, listen, ended, close: nothing });
  };
  return { ends, openListening };
}

/** Listens with a clock that the test moves on. */
function listenWith(openListening: () => Promise<Session>) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { listen } = createAppListening({
    sessions: { openListening },
    onNotice: () => undefined,
    now: Date.now,
    random: () => 1,
  });
  return (resources: readonly string[]) => listen(new Map([["connection_1", resources]]));
}

test("wishes that come while an app is asked in vain do not hurry the next try", async () => {
  let opened = 0;
  const listen = listenWith(async () => {
    opened += 1;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    throw new Error("The app is down.");
  });
  for (let n = 0; n < 10; n += 1) {
    listen([`notes://${n}`]);
    await vi.advanceTimersByTimeAsync(50);
  }
  await vi.advanceTimersByTimeAsync(9_500);
  // At 0, 2, 5 and 10 seconds.
  expect(opened).toBe(4);
});

test("a wish that is repeated while its stream opens is told once, and of others the newest", async () => {
  const told: unknown[] = [];
  const { ends, openListening } = endingSessions((resources) => {
    told.push(resources);
    return nothing();
  });
  const listen = listenWith(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return openListening();
  });
  for (let n = 0; n < 5; n += 1) listen(["notes://one"]);
  await vi.advanceTimersByTimeAsync(10);
  for (let n = 0; n < 5; n += 1) listen(["notes://one"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([["notes://one"]]);
  for (const uri of ["notes://two", "notes://three"]) listen([uri]);
  await vi.advanceTimersByTimeAsync(0);
  expect(told.slice(1)).toEqual([["notes://three"]]);
  expect(ends).toHaveLength(1);
});

test("an app that was heard for long and then refuses a wish is asked again soon", async () => {
  let refuses = true;
  const { ends, openListening } = endingSessions(() => (refuses ? Promise.reject(new Error("no")) : nothing()));
  const listen = listenWith(openListening);
  listen(["notes://one"]);
  // Tries at 0, 1, 3 and 7 seconds; the next comes at 15.
  await vi.advanceTimersByTimeAsync(14_999);
  expect(ends).toHaveLength(4);
  refuses = false;
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(ends).toHaveLength(5);
  refuses = true;
  listen(["notes://two"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ends).toHaveLength(6);
});

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
