// A program: a client that does nothing and never ends.
setInterval(() => undefined, 60_000);
