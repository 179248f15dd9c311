import { expect, test } from "vitest";
import { keepPageScript } from "./page-script.ts";

function createScripts(present: string[] | null) {
  let matches = present;
  const done: string[] = [];
  return {
    done,
    now: () => matches,
    scripts: {
      registered: () => Promise.resolve(matches),
      register: (pattern: string) => {
        matches = [pattern];
        done.push(`+ ${pattern}`);
        return Promise.resolve();
      },
      unregister: () => {
        matches = null;
        done.push("-");
        return Promise.resolve();
      },
    },
  };
}

test("runs in the paired relay's sign-in pages and nowhere else, port included", async () => {
  const { scripts, now } = createScripts(null);
  await keepPageScript(scripts, "http://127.0.0.1:4310");
  expect(now()).toEqual(["http://127.0.0.1:4310/sign-in/*"]);
});

test("leaves what is right alone, moves with the relay and goes with it", async () => {
  const { scripts, now, done } = createScripts(["https://relay.example/sign-in/*"]);
  await keepPageScript(scripts, "https://relay.example");
  expect(done).toEqual([]);
  await keepPageScript(scripts, "https://other.example");
  expect(done).toEqual(["-", "+ https://other.example/sign-in/*"]);
  await keepPageScript(scripts, null);
  expect(now()).toBe(null);
  await keepPageScript(scripts, null);
  expect(done).toHaveLength(3);
});
