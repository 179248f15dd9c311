import fc from "fast-check";
import { expect, test } from "vitest";
import {
  collidingNames,
  exposedToolName,
  isReservedName,
  nameTools,
  prefixSchema,
  suggestPrefix,
} from "./tool-name.ts";

const prefix = fc.stringMatching(/^[A-Za-z0-9-]{1,24}$/u).filter((text) => prefixSchema.safeParse(text).success);
const originalName = fc.oneof(
  fc.string({ minLength: 1, maxLength: 256, unit: "binary" }),
  fc.stringMatching(/^[A-Za-z0-9_.-]{1,128}$/u),
);
const requests = fc.uniqueArray(
  fc.record({ slotId: fc.constantFrom("slot_a", "slot_b", "slot_c"), originalName, prefix }),
  { selector: (request) => `${request.slotId}\n${request.originalName}`, maxLength: 30 },
);

test("every prefixed name has at most 40 characters of the common alphabet", async () => {
  await fc.assert(
    fc.asyncProperty(prefix, originalName, async (part, original) => {
      expect(await exposedToolName(part, original)).toMatch(/^[A-Za-z0-9_-]{1,40}$/u);
    }),
  );
});

test("no name begins as those of the relay's own tools do, without a prefix either", async () => {
  for (const original of ["persona_account_info", "Persona_x", "persona.x", `persona_${"x".repeat(80)}`]) {
    const [named] = await nameTools([{ slotId: "slot_a", originalName: original, prefix: null }]);
    expect(named?.exposedName).toMatch(/^tool_persona_[A-Za-z0-9_-]+$/iu);
  }
  await fc.assert(
    fc.asyncProperty(fc.option(prefix), originalName, async (part, original) => {
      expect(isReservedName(await exposedToolName(part, original))).toBe(false);
    }),
  );
});

test("a name depends on prefix and original only", async () => {
  await fc.assert(
    fc.asyncProperty(prefix, originalName, async (part, original) => {
      expect(await exposedToolName(part, original)).toBe(await exposedToolName(part, original));
    }),
  );
});

test("names of one persona are unique ignoring case, whatever the originals and what is taken", async () => {
  await fc.assert(
    fc.asyncProperty(requests, fc.array(originalName, { maxLength: 5 }), async (list, taken) => {
      const named = await nameTools(list, taken);
      const names = named.map((tool) => tool.exposedName.toLowerCase());
      expect(new Set(names).size).toBe(list.length);
      const lower = new Set(taken.map((name) => name.toLowerCase()));
      for (const name of names) {
        expect(name).toMatch(/^[a-z0-9_-]{1,40}$/u);
        expect(lower.has(name)).toBe(false);
      }
    }),
  );
});

test("the same set gets the same names again, so names stay put between saves", async () => {
  await fc.assert(
    fc.asyncProperty(requests, async (list) => {
      expect(await nameTools(list)).toEqual(await nameTools(list));
    }),
  );
});

test("the map carries slot and original through unchanged, so nothing is ever parsed back from a name", async () => {
  await fc.assert(
    fc.asyncProperty(requests, async (list) => {
      const named = await nameTools(list);
      expect(named.map(({ exposedName: _, ...request }) => request)).toEqual(list);
    }),
  );
});

test("joins app and tool with one underscore", async () => {
  expect(await exposedToolName("Slack", "searchMessages")).toBe("Slack_searchMessages");
});

test("does not prefix an original that already begins with the app part", async () => {
  expect(await exposedToolName("Slack", "slack_search")).toBe("slack_search");
  expect(await exposedToolName("Slack", "slackSearch")).toBe("slackSearch");
  expect(await exposedToolName("Git", "github_search")).toBe("Git_github_search");
});

test("cuts a long name and ends it with a hash that tells two of them apart", async () => {
  const first = await exposedToolName("Everything", `${"a".repeat(60)}1`);
  const second = await exposedToolName("Everything", `${"a".repeat(60)}2`);
  expect(first).toMatch(/^Everything_a{20}_[0-9a-f]{8}$/u);
  expect(second).not.toBe(first);
});

test("tells apart two originals that differ only in characters outside the alphabet", async () => {
  const named = await nameTools([
    { slotId: "slot_a", originalName: "issues.list", prefix: "Tracker" },
    { slotId: "slot_a", originalName: "issues/list", prefix: "Tracker" },
  ]);
  expect(named[0]?.exposedName).toBe("Tracker_issues_list");
  expect(named[1]?.exposedName).toMatch(/^Tracker_issues_list_[0-9a-f]{8}$/u);
});

test("without prefixes a name that clients accept stays as it is, up to 64 characters", async () => {
  const long = "test_input_required_result_multiple_inputs";
  expect(await exposedToolName(null, long)).toBe(long);
  expect(await exposedToolName(null, "a".repeat(65))).toHaveLength(40);
  expect(await exposedToolName(null, "dots.are.not")).toBe("dots_are_not");
});

test("reports the names that collide without prefixes", async () => {
  const pair = ["slot_a", "slot_b"].map((slotId) => ({ slotId, originalName: "search", prefix: null }));
  expect(await collidingNames([...pair, { slotId: "slot_a", originalName: "list", prefix: null }])).toEqual(["search"]);
});

test("reports names that collide without prefixes but for their case, as they would be named apart otherwise", async () => {
  const pair = ["Search", "search"].map((name) => ({ slotId: "slot_a", originalName: name, prefix: null }));
  expect(await collidingNames(pair)).toEqual(["Search"]);
  expect((await nameTools(pair)).map(({ exposedName }) => exposedName)).toEqual([
    "Search",
    expect.stringMatching(/^search_[0-9a-f]{8}$/u),
  ]);
});

test("keeps the prefix persona for the built-in tools", () => {
  expect(prefixSchema.safeParse("Persona").success).toBe(false);
  expect(prefixSchema.safeParse("has_underscore").success).toBe(false);
});

test("suggests a valid prefix for any app name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), (name) => {
      expect(prefixSchema.safeParse(suggestPrefix(name)).success).toBe(true);
    }),
  );
});
