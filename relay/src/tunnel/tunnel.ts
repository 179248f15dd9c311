import type { Server as HttpServer } from "node:http";
import { AppError } from "@agent-personas/shared/errors/app-error";
import type { CallResult, Revoked, Sync } from "@agent-personas/shared/tunnel/messages";
import type { AppNews, RelayDeps, Tunnel } from "../deps.ts";
import { appStatuses, blockedTools } from "./app-statuses.ts";
import { checkHandshake, renderRefusal } from "./check-handshake.ts";
import { ACK_MS, type Connection, type TunnelSocket } from "./connection.ts";
import { dismiss } from "./dismiss.ts";
import { createDispatcher } from "./dispatch.ts";
import { createGateway } from "./gateway.ts";
import { isFromBefore } from "./late-calls.ts";
import { createListening } from "./listening.ts";
import { createPresence } from "./presence.ts";
import { createPartReceiver } from "./receive-parts.ts";
import { receive } from "./receive.ts";

/** How long a socket may be open without having said hello. Milliseconds. */
const HELLO_MS = 10_000;
const MAX_DEVICES = 50_000;

export type TunnelDeps = Pick<RelayDeps, "config" | "log" | "now" | "devices" | "usage" | "usedTokens"> & {
  /** Newest version of each persona of a user. */
  newestVersions: (userId: string) => Promise<Sync["personas"]>;
  /** An app said something outside of any call that somebody wanted to hear. */
  onNotice: (news: AppNews) => void;
  /** A browser of this person came, went, or can serve something else. */
  onStatus: (userId: string) => void;
  /** The outcome of a call that an earlier process made for one of this person's callers. */
  onLate: (userId: string, result: Pick<CallResult, "callId" | "outcome">) => void;
};

export type TunnelServer = Tunnel & {
  /** Serves the tunnel's path on this HTTP server. */
  attach: (server: HttpServer) => void;
  /** What it holds; all zero when nothing is going on. */
  counts: () => { devices: number; calls: number; waiting: number };
  /** Calls that are with a device, wait for their turn there, or wait for a device. */
  depths: () => { devices: number; inFlight: number; queued: number; waiting: number };
};

export function createTunnel(deps: TunnelDeps): TunnelServer {
  const presence = createPresence();
  const dispatcher = createDispatcher({
    ...deps,
    presence,
    late: {
      isAwaited: isFromBefore(deps.now),
      take: (deviceId, result) => {
        const userId = presence.get(deviceId)?.userId;
        if (userId !== undefined) deps.onLate(userId, result);
      },
    },
    onSilent: (connection) => {
      deps.log.warn({ device: connection.deviceId }, "device does not answer; socket closed");
      connection.socket.disconnect(true);
    },
  });
  const listening = createListening({ presence, ackMs: ACK_MS });
  const served = (userId: string): void => {
    listening.share(userId);
    deps.onStatus(userId);
  };
  let closing = false;

  const authenticate = async (auth: unknown) => {
    try {
      if (closing) throw new AppError("shutting_down");
      if (presence.all().length >= MAX_DEVICES) throw new AppError("too_busy");
      return await checkHandshake(auth, deps);
    } catch (error) {
      const refusal = renderRefusal(error, deps.now());
      deps.log.info({ code: refusal.code }, "device refused");
      if (refusal.code === "internal_error") deps.log.error({ err: error }, "handshake failed");
      return refusal;
    }
  };

  const onSocket = (socket: TunnelSocket): void => {
    const { deviceId, userId, boot, preferred } = socket.data;
    const connection: Connection = {
      deviceId,
      userId,
      boot,
      socket,
      ready: false,
      activeAt: deps.now(),
      preferred,
      listening: null,
      serves: null,
    };
    const older = presence.add(connection);
    if (older !== null) {
      dispatcher.onDisconnected(deviceId);
      // The same worker on a new socket has not been replaced by anybody.
      if (older.boot.bootId === boot.bootId) older.socket.disconnect(true);
      else void dismiss(older, { kind: "replaced", id: deviceId });
    }
    deps.usage.deviceSeen(deviceId);
    deps.log.info({ device: deviceId, boot: boot.bootId }, "device connected");
    const impatience = setTimeout(() => {
      if (!connection.ready) socket.disconnect(true);
    }, HELLO_MS);
    socket.on("disconnect", (reason) => {
      clearTimeout(impatience);
      deps.log.info({ device: deviceId, boot: boot.bootId, reason }, "device left");
      if (!presence.remove(connection)) return;
      deps.usage.deviceSeen(deviceId);
      dispatcher.onDisconnected(deviceId);
      served(userId);
    });
    listen(connection);
    void closeIfRevoked(connection);
  };

  /** From here on a revocation or preference finds the connection; one that came during its handshake did not. */
  const closeIfRevoked = async (connection: Connection): Promise<void> => {
    const { deviceId, socket } = connection;
    try {
      const known = await deps.devices.find(deviceId);
      connection.preferred = known?.preferred ?? false;
      if (known !== null) return;
    } catch (error) {
      deps.log.error({ err: error, device: deviceId }, "a connected device could not be looked up");
    }
    socket.disconnect(true);
  };

  const listen = (connection: Connection): void => {
    const { deviceId, socket } = connection;
    const takePart = createPartReceiver(deviceId, dispatcher);
    const current = (): boolean => presence.get(deviceId) === connection;
    const heard = (): "taken" => {
      connection.activeAt = deps.now();
      return "taken";
    };
    receive(
      socket,
      {
        hello: (hello) => {
          if (!connection.ready && current()) {
            connection.ready = true;
            dispatcher.onReady(connection, hello);
            presence.announce(connection);
            served(connection.userId);
            void sendSync([connection]);
          }
          return heard();
        },
        result: (result) => {
          heard();
          return dispatcher.onResult(deviceId, result);
        },
        part: (part) => {
          heard();
          return takePart(part);
        },
        progress: (progress) => {
          dispatcher.onProgress(deviceId, progress);
          return heard();
        },
        log: (log) => {
          dispatcher.onLog(deviceId, log);
          return heard();
        },
        elicited: (elicited) => {
          dispatcher.onElicited(deviceId, elicited);
          return heard();
        },
        away: (away) => {
          dispatcher.onAway(deviceId, away.callId);
          return heard();
        },
        ask: (ask) => {
          heard();
          return dispatcher.onAsk(deviceId, ask);
        },
        notice: (notice) => {
          const deviceIds = listening.askedFor(connection, notice);
          if (deviceIds.size > 0) deps.onNotice({ userId: connection.userId, deviceIds, notice });
          return heard();
        },
        changed: ({ personas }) => {
          connection.serves = personas;
          dispatcher.onServes(connection);
          served(connection.userId);
          return heard();
        },
      },
      {
        now: deps.now,
        onError: (error) => deps.log.error({ err: error, device: deviceId }, "a device's message could not be handled"),
        onRefused: (reason) => {
          deps.log.warn({ device: deviceId, reason }, "device disconnected");
          socket.emit("closing", { reason });
          socket.disconnect(true);
        },
      },
    );
  };

  const sendSync = async (connections: Connection[]): Promise<void> => {
    const [first] = connections;
    if (first === undefined) return;
    try {
      const personas = await deps.newestVersions(first.userId);
      await Promise.allSettled(
        connections.map(({ socket }) => socket.timeout(ACK_MS).emitWithAck("sync", { personas })),
      );
    } catch (error) {
      deps.log.error({ err: error }, "devices could not be told of new versions");
    }
  };

  const io = createGateway({ authenticate, onSocket });
  return {
    attach: (server) => void io.attach(server),
    isOnline: (deviceId) => presence.get(deviceId)?.ready === true,
    appStatuses: (wanted) => appStatuses(presence.ofUser(wanted.userId), wanted),
    blockedTools: (wanted) => blockedTools(presence.ofUser(wanted.userId), wanted),
    call: dispatcher.call,
    listen: listening.want,
    sync: (userId) => sendSync(presence.ofUser(userId).filter((connection) => connection.ready)),
    signIn: async (deviceId, signIn) => {
      const connection = presence.get(deviceId);
      if (connection?.ready !== true) return false;
      const told = connection.socket.timeout(ACK_MS).emitWithAck("sign-in", signIn);
      return told.then(
        () => true,
        () => false,
      );
    },
    grantEnded: async (userId, id) => {
      const message: Revoked = { kind: "grant", id };
      const connections = presence.ofUser(userId).filter((connection) => connection.ready);
      await Promise.allSettled(connections.map(({ socket }) => socket.timeout(ACK_MS).emitWithAck("revoked", message)));
    },
    preferDevice: (userId, deviceId) => {
      for (const connection of presence.ofUser(userId)) connection.preferred = connection.deviceId === deviceId;
    },
    revokeDevice: async (deviceId) => {
      const connection = presence.get(deviceId);
      // First of all, so that nothing more is sent to it.
      if (connection !== null) presence.remove(connection);
      dispatcher.abandon(deviceId);
      if (connection !== null) await dismiss(connection, { kind: "device", id: deviceId });
    },
    close: async () => {
      closing = true;
      for (const connection of presence.all()) {
        connection.socket.emit("closing", { reason: "shutting_down" });
        presence.remove(connection);
      }
      dispatcher.abandonAll();
      io.disconnectSockets(true);
      await Promise.resolve(io.engine?.close());
    },
    counts: () => ({ devices: presence.all().length, calls: dispatcher.open(), waiting: presence.waiting() }),
    depths: () => ({ devices: presence.all().length, ...dispatcher.depths(), waiting: presence.waiting() }),
  };
}
