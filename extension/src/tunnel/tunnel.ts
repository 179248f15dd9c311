import { TUNNEL_PROTOCOL, tunnelRefusalSchema, type TunnelAuth } from "@agent-personas/shared/tunnel/handshake";
import type {
  Ask,
  Away,
  CallNotification,
  CallResult,
  Changed,
  Listen,
  Notice,
  Outcome,
  Revoked,
  SignIn,
  Sync,
} from "@agent-personas/shared/tunnel/messages";
import { signDeviceToken } from "@agent-personas/shared/oauth/device-token";
import { clockOffsetOf } from "../lib/clock-offset.ts";
import type { Identity, IdentitySource } from "../lib/identity.ts";
import { backoff } from "./backoff.ts";
import { openSocket, type TunnelSocket } from "./open-socket.ts";
import { receiveFrom, type CallTaker } from "./receive-from.ts";
import { createSender } from "./sender.ts";
import { mayConnect, type TunnelStatus } from "./tunnel-state.ts";

export type TunnelDeps = {
  identity: IdentitySource;
  calls: CallTaker;
  /** What callers want to hear of apps outside of calls; nothing once the tunnel is not to come back by itself. */
  onListen: (listen: Listen) => void;
  onSync: (sync: Sync) => void;
  /** A sign-in elsewhere waits for this person. */
  onSignIn: (signIn: SignIn) => void;
  /** An AI client's sign-in was ended. */
  onGrantEnded: (grantId: string) => void;
  bootId: string;
  now: () => number;
  random: () => number;
  /** Runs `task` after `ms`; answers how to call it off. */
  after: (ms: number, task: () => void) => () => void;
  lastStatus: () => Promise<{ tunnel: string; since: number } | undefined>;
  setStatus: (status: TunnelStatus) => void;
};

export type Tunnel = {
  /** At the start of the worker: connects unless the last one was told not to. */
  start: () => Promise<void>;
  /** Something happened (alarm, a page): an idle tunnel connects, an open one delivers what is left. */
  wake: () => void;
  /** The person looks: as `wake`, and what waits for its next attempt is tried now, once a second at most. */
  hurry: () => void;
  /** The person asked, or paired, or unpaired: forgets waiting and refusals and begins anew. */
  restart: () => void;
  publish: (changed: Changed) => void;
  result: (result: CallResult) => void;
  progress: (progress: CallNotification) => void;
  log: (log: CallNotification) => void;
  elicited: (elicited: CallNotification) => void;
  away: (away: Away) => void;
  notice: (notice: Notice) => void;
  /** Puts an app's question to the caller of a running call. @throws the signal's reason */
  ask: (ask: Ask, signal: AbortSignal) => Promise<Outcome>;
  stop: () => void;
};

/** A connect that is neither made nor refused by then is given up. */
const CONNECT_MS = 20_000;

/** The relay pings every 20 s, and by then has given up a socket that did not answer. */
const SILENT_MS = 45_000;
const HURRY_MS = 1_000;

/** The device's end of the tunnel: one socket at a time, opened again by this state machine only. */
export function createTunnel(deps: TunnelDeps): Tunnel {
  let current: { socket: TunnelSocket | null } | null = null;
  let cancelRetry: (() => void) | null = null;
  let attempts = 0;
  let clockCorrected = false;
  let blocked = true;
  /** When the socket was last heard. */
  let heardAt = 0;
  let hurriedAt = 0;
  const sender = createSender({ calls: deps.calls });

  const report = (tunnel: TunnelStatus["tunnel"], retryAt: number | null = null): void =>
    deps.setStatus({ tunnel, since: deps.now(), retryAt });

  const close = (): void => {
    cancelRetry?.();
    cancelRetry = null;
    sender.detach();
    current?.socket?.removeAllListeners();
    current?.socket?.disconnect();
    current = null;
  };

  const block = (tunnel: "unpaired" | "replaced" | "signed_out" | "update_needed"): void => {
    close();
    blocked = true;
    // After a short break the relay says anew what it wants, and the apps need not notice.
    deps.onListen({ slots: [] });
    report(tunnel);
  };

  const retryLater = (): void => {
    close();
    const wait = backoff(attempts, deps.random);
    attempts += 1;
    report("offline", deps.now() + wait);
    cancelRetry = deps.after(wait, () => {
      cancelRetry = null;
      connect();
    });
  };

  const refused = async (data: unknown): Promise<void> => {
    const refusal = tunnelRefusalSchema.safeParse(data);
    if (refusal.data?.code === "protocol_unsupported") return block("update_needed");
    if (refusal.data?.code === "device_token_invalid") return block("signed_out");
    if (refusal.data?.code !== "clock" || clockCorrected) return retryLater();
    clockCorrected = true;
    close();
    try {
      await deps.identity.keepClockOffset(clockOffsetOf(refusal.data.serverTime, deps.now()));
      if (current === null && !blocked) connect();
    } catch {
      if (current === null && !blocked) retryLater();
    }
  };

  const signAuth = async (): Promise<TunnelAuth> => {
    const identity = await deps.identity.load();
    if (identity === null) throw new Error("This installation was unpaired.");
    const token = await signDeviceToken(identity, {
      purpose: "tunnel",
      audience: identity.relayUrl,
      now: deps.now() + identity.clockOffset,
    });
    const ledgerId = await deps.calls.ledgerId();
    return { token, deviceId: identity.deviceId, bootId: deps.bootId, ledgerId, protocol: TUNNEL_PROTOCOL };
  };

  const revoked = ({ kind, id }: Revoked): void => {
    if (kind === "replaced") block("replaced");
    if (kind === "device") block("signed_out");
    if (kind === "grant") deps.onGrantEnded(id);
  };

  const open = (mine: { socket: TunnelSocket | null }, identity: Identity): void => {
    const socket = openSocket(identity.relayUrl, signAuth, () => current === mine && retryLater());
    mine.socket = socket;
    const giveUp = deps.after(CONNECT_MS, () => current === mine && retryLater());
    receiveFrom(socket, {
      calls: deps.calls,
      onListen: deps.onListen,
      onSync: deps.onSync,
      onSignIn: deps.onSignIn,
      onRevoked: revoked,
    });
    socket.on("connect_error", (error) => {
      giveUp();
      if (current === mine) void refused("data" in error ? error.data : null);
    });
    socket.on("disconnect", () => {
      giveUp();
      if (current === mine) retryLater();
    });
    const heard = (): void => {
      heardAt = deps.now();
    };
    socket.io.on("ping", heard);
    socket.on("connect", () => {
      giveUp();
      heard();
      void sender.attach(socket).then((ready) => {
        if (current !== mine) return;
        if (!ready) return retryLater();
        attempts = 0;
        clockCorrected = false;
        report("online");
      });
    });
    socket.connect();
  };

  /** One attempt at a time: a second `connect()` while one is under way would open a second engine. */
  const connect = (): void => {
    if (current !== null) return;
    cancelRetry?.();
    cancelRetry = null;
    blocked = false;
    const mine: { socket: TunnelSocket | null } = { socket: null };
    current = mine;
    report("connecting");
    void deps.identity.load().then(
      (identity) => {
        if (current !== mine) return;
        if (identity === null) block("unpaired");
        else open(mine, identity);
      },
      () => current === mine && retryLater(),
    );
  };

  const wake = (): void => {
    // The computer slept: the socket looks alive until its timers have noticed.
    if (current?.socket?.connected === true && deps.now() - heardAt > SILENT_MS) close();
    if (current !== null) sender.flush();
    else if (!blocked && cancelRetry === null) connect();
  };

  return {
    start: async () => {
      const last = await deps.lastStatus().catch(() => undefined);
      if (mayConnect(last, deps.now())) connect();
    },
    wake,
    hurry: () => {
      wake();
      if (cancelRetry === null || deps.now() - hurriedAt < HURRY_MS) return;
      hurriedAt = deps.now();
      connect();
    },
    restart: () => {
      close();
      attempts = 0;
      clockCorrected = false;
      connect();
    },
    publish: sender.publish,
    result: sender.result,
    progress: sender.progress,
    log: sender.log,
    elicited: sender.elicited,
    away: sender.away,
    notice: sender.notice,
    ask: sender.ask,
    stop: close,
  };
}
