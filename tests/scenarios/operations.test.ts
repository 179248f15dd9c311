import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { ROOT } from "../../relay/cli/bootstrap/workspace.mjs";
import { startTestRelay } from "../support/relay.ts";

const TOKEN = "token-of-the-metrics-of-this-test";
const NAME = /\b(?:agent_personas|nodejs|process)_[a-z0-9_]+/gu;

const dashboardSchema = z.looseObject({
  title: z.string(),
  panels: z.array(
    z.looseObject({
      id: z.int(),
      title: z.string(),
      gridPos: z.strictObject({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
      targets: z.array(z.looseObject({ expr: z.string(), refId: z.string() })).min(1),
    }),
  ),
});

/** Names of all series of a relay, also of those that have no value yet. */
function seriesOf(text: string): Set<string> {
  const families = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gmu)];
  return new Set(
    families.flatMap(([, name = "", type]) =>
      type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

async function metrics(): Promise<Set<string>> {
  await using relay = await startTestRelay({ env: { METRICS_TOKEN: TOKEN } });
  const answer = await fetch(`${relay.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  return seriesOf(await answer.text());
}

test("the dashboard asks for series that a relay has, and leaves none of the product's own out", async () => {
  const known = await metrics();
  const dashboard = dashboardSchema.parse(
    JSON.parse(await readFile(join(ROOT, "docs", "operations-dashboard.json"), "utf8")),
  );
  const asked = new Set(
    dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(NAME) ?? [])),
  );
  expect([...asked].filter((name) => !known.has(name))).toEqual([]);
  const own = [...known].map((name) => name.replace(/_(?:bucket|sum|count)$/u, ""));
  const families = new Set(own.filter((name) => name.startsWith("agent_personas_")));
  const shown = [...asked].map((name) => name.replace(/_(?:bucket|sum|count)$/u, ""));
  expect([...families].filter((name) => !shown.includes(name))).toEqual([]);
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
});

test("the manual names each of the product's series, and none that a relay does not have", async () => {
  const families = new Set([...(await metrics())].map((name) => name.replace(/_(?:bucket|sum|count)$/u, "")));
  const manual = await readFile(join(ROOT, "docs", "operations.md"), "utf8");
  const short = [...manual.matchAll(/`…_([a-z_]+)`/gu)].map(([, rest = ""]) => `agent_personas_${rest}`);
  const named = new Set([...(manual.match(NAME) ?? []), ...short].filter((name) => !name.endsWith("_")));
  expect([...families].filter((name) => name.startsWith("agent_personas_") && !named.has(name))).toEqual([]);
  const unknown = [...named].filter((name) => !name.startsWith("process_") && !families.has(name));
  expect(unknown.filter((name) => name !== "agent_personas_call_id" && name !== "agent_personas_request_id")).toEqual(
    [],
  );
});
