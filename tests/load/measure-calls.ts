import { connectV2, type Endpoint } from "../support/clients.ts";
import { spread, type Spread } from "./spread.ts";

const WARM_UP = 50;

/** One echo at a time, in turn through everything and directly, so that both see the same machine. */
export async function measureCalls(options: {
  through: Endpoint & { tool: string };
  direct: Endpoint & { tool: string };
  count: number;
}): Promise<{ through: Spread; direct: Spread }> {
  await using first = await connectV2(options.through, "auto");
  await using second = await connectV2(options.direct, "auto");
  const once = async (client: typeof first.client, name: string): Promise<number> => {
    const begun = performance.now();
    await client.callTool({ name, arguments: { message: "hello" } });
    return performance.now() - begun;
  };
  const through: number[] = [];
  const direct: number[] = [];
  for (let round = 0; round < WARM_UP + options.count; round += 1) {
    const whole = await once(first.client, options.through.tool);
    const bare = await once(second.client, options.direct.tool);
    if (round < WARM_UP) continue;
    through.push(whole);
    direct.push(bare);
  }
  return { through: spread(through), direct: spread(direct) };
}
