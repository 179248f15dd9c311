import { startNodeDevice, type NodeDevice } from "@agent-personas/extension/test-support/node-device/node-device";
import { z } from "zod";

// A program: extensions in Node, each driven by messages of the process that started it (device-processes.ts).

const requestSchema = z.object({
  id: z.int(),
  device: z.int(),
  action: z.enum(["command", "rows", "killWorker", "wake", "restartBrowser", "memory"]),
  name: z.string().default(""),
  input: z.record(z.string(), z.unknown()).default({}),
});
type Request = z.infer<typeof requestSchema>;

const devices = new Map<number, NodeDevice>();

function deviceOf(number: number): NodeDevice {
  const device = devices.get(number) ?? startNodeDevice();
  devices.set(number, device);
  return device;
}

function act({ device: number, action, name, input }: Request): unknown {
  if (action === "memory") {
    const { user, system } = process.cpuUsage();
    return { ...process.memoryUsage(), cpuMs: (user + system) / 1_000 };
  }
  const device = deviceOf(number);
  switch (action) {
    case "command":
      return device.command(name, input);
    case "rows":
      return device.rows(name);
    default:
      return device[action]();
  }
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
