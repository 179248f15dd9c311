import { expect, onTestFinished, test, vi } from "vitest";
import type { AppNotice } from "./app-listening.ts";
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
