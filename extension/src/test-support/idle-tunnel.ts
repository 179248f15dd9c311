import type { Identity } from "../lib/identity.ts";
import { createTunnel, type Tunnel } from "../tunnel/tunnel.ts";

/** The extension's own end of the tunnel with nothing behind it: comes online, and back by itself, and is asked nothing. */
export function openIdleTunnel(identity: Identity, onOnline: () => void): Tunnel {
  return createTunnel({
    identity: { load: () => Promise.resolve(identity), keepClockOffset: () => Promise.resolve() },
    calls: {
      ledgerId: () => Promise.resolve("idle-ledger"),
      receive: () => Promise.reject(new Error("An idle device was sent a call.")),
      go: () => undefined,
      cancel: () => undefined,
      hello: () => Promise.resolve({ calls: [] }),
      outbox: () => Promise.resolve([]),
      stored: () => undefined,
    },
    onListen: () => undefined,
    onSync: () => undefined,
    onSignIn: () => undefined,
    onGrantEnded: () => undefined,
    bootId: crypto.randomUUID(),
    now: () => Date.now(),
    random: () => Math.random(),
    after: (ms, task) => {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
    lastStatus: () => Promise.resolve(undefined),
    setStatus: ({ tunnel: state }) => state === "online" && onOnline(),
  });
}
