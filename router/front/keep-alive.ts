import type { WebSocket } from 'ws';

const PARTS = 16;

/** Pings sockets, each once in `everyMs`, a part of them at a time; one that has not answered by its next turn is gone. */
export function keepAlive(everyMs: number) {
  const parts = Array.from({ length: PARTS }, () => new Set<WebSocket>());
  const silent = new WeakSet<WebSocket>();
  let turn = 0;
  let next = 0;
  const timer = setInterval(() => {
    turn = (turn + 1) % PARTS;
    for (const socket of parts[turn] ?? []) {
      if (silent.has(socket)) socket.terminate();
      else if (socket.readyState === socket.OPEN) {
        silent.add(socket);
        socket.ping();
      }
    }
  }, everyMs / PARTS).unref();

  return {
    add(socket: WebSocket): void {
      next = (next + 1) % PARTS;
      const part = parts[next];
      part?.add(socket);
      socket.on('pong', () => silent.delete(socket));
      socket.once('close', () => part?.delete(socket));
    },
    stop: () => clearInterval(timer),
  };
}
