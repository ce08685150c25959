import type { WebSocket } from 'ws';

const PARTS = 16;

/** Pings sockets, each once in `everyMs`, a part of them at a time; one that has not answered by its next turn is gone. */
export function keepAlive(everyMs: number) {
  const parts = Array.from({ length: PARTS }, () => new Set<WebSocket>());
  const silent = new Set<WebSocket>();
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

  function answered(this: WebSocket): void {
    silent.delete(this);
  }

  return {
    add(socket: WebSocket): void {
      next = (next + 1) % PARTS;
      parts[next]?.add(socket);
      socket.on('pong', answered);
    },
    remove(socket: WebSocket): void {
      silent.delete(socket);
      for (const part of parts) part.delete(socket);
    },
    stop: () => clearInterval(timer),
  };
}
