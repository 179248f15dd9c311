// Loaded into a process before its program: answers what is on its heap once garbage was collected.

process.on("message", (message) => {
  if (message !== "heap") return;
  for (let time = 0; time < 3; time += 1) globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ heapUsed, rss });
});
// The program ends by itself, whether somebody listens or not.
process.channel?.unref();
