import { connectBareDevice, startBareServer } from "@agent-personas/relay/test-support/bare-tunnel";
import { z } from "zod";
import { startEchoApp } from "./echo-app.ts";

// A process of its own for one of the parts that a benchmark compares with; says where it listens.

const [part, url = ""] = z
  .tuple([z.enum(["app", "bare-server", "bare-device"])])
  .rest(z.string())
  .parse(process.argv.slice(2));

process.on("disconnect", () => process.exit(0));
switch (part) {
  case "app": {
    const app = await startEchoApp();
    process.send?.(app.url);
    break;
  }
  case "bare-server": {
    const server = await startBareServer();
    process.send?.(server.url);
    break;
  }
  default:
    await connectBareDevice(url);
    process.send?.(url);
}
