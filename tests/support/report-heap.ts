// Loaded into a process before its program: answers what is on its heap once garbage was collected, and the time it took of the
// processor so far.

process.on("message", (message) => {
  if (message !== "heap") return;
  for (let time = 0; time < 3; time += 1) globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.send?.({ heapUsed, rss, cpuMs: (user + system) / 1_000 });
});
// The program ends by itself, whether somebody listens or not.
process.channel?.unref();
