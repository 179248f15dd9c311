import { Server } from "node:net";

// The sample server listens on every interface, where the whole network could call it; preloaded into its
// process, this keeps it on this computer.
// oxlint-disable-next-line typescript/unbound-method -- the proxy hands the receiver on
Server.prototype.listen = new Proxy(Server.prototype.listen, {
  apply(listen, server, [port, ...rest]) {
    const isPort = typeof port === "number" || typeof port === "string";
    return Reflect.apply(listen, server, isPort ? [Number(port), "127.0.0.1", ...rest] : [port, ...rest]);
  },
});
