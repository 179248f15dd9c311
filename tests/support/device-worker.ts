import { startNodeDevice } from "@agent-personas/extension/test-support/node-device/node-device";
import { openStoredProfile } from "@agent-personas/extension/test-support/node-device/stored-profile";
import { z } from "zod";

// A program: one worker of an extension in Node, driven by messages of the process that started it and will kill it
// (device-processes.ts). Its profile is a folder.

const [folder = ""] = process.argv.slice(2);

const requestSchema = z.object({
  id: z.int(),
  action: z.enum(["command", "alarm", "oversleep", "memory"]),
  name: z.string().default(""),
  input: z.record(z.string(), z.unknown()).default({}),
  ms: z.number().default(0),
});
type Request = z.infer<typeof requestSchema>;

let slept = 0;
const now = (): number => Date.now() + slept;
const device = startNodeDevice({ now }, await openStoredProfile(folder));

function act({ action, name, input, ms }: Request): unknown {
  switch (action) {
    case "command":
      return device.command(name, input);
    case "alarm":
      return device.alarm();
    case "oversleep":
      return void (slept += ms);
    case "memory":
      return memoryOf();
    default:
      return action satisfies never;
  }
}

function memoryOf() {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed, cpuMs: (user + system) / 1_000 };
}

async function answer(message: unknown): Promise<void> {
  const request = requestSchema.parse(message);
  const { id } = request;
  try {
    process.send?.({ id, value: await act(request) });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

process.on("message", (message) => void answer(message));
process.on("disconnect", () => process.exit(0));
