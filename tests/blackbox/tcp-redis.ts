/**
 * A Redis that outlives the service and that can be taken away: a server of the test's own on a
 * socket, behind a TCP port, because settings name Redis by URL. Going away is what a network or a
 * failover does: connections break and new ones are refused; what the server holds stays.
 */
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { type IsolatedRedis, isolatedRedis } from '@gatehouse/testkit';
import { freePort } from './house.ts';

/** The server and its door. */
export interface TcpRedis extends AsyncDisposable {
  /** For `GATEHOUSE_REDIS_URL`. */
  readonly url: string;
  /** The same server without the door, for the test itself. */
  readonly behind: IsolatedRedis;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
}

/** An empty Redis. */
export async function openTcpRedis(): Promise<TcpRedis> {
  const behind = await isolatedRedis();
  const { address } = behind;
  const port = await freePort();
  const path = 'socketPath' in address ? address.socketPath : '';
  let door = await openDoor(path, port);
  return {
    url: `redis://127.0.0.1:${port}`,
    behind,
    goAway: () => door.close(),
    comeBack: async () => {
      door = await openDoor(path, port);
    },
    [Symbol.asyncDispose]: async () => {
      await door.close();
      await behind[Symbol.asyncDispose]();
    },
  };
}

async function openDoor(path: string, port: number): Promise<{ close(): Promise<void> }> {
  const open = new Set<Socket>();
  const server: Server = createServer((outer) => {
    const inner = createConnection(path);
    for (const [from, to] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      open.add(from);
      from.pipe(to);
      // The other side learns of an error as of an end.
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    close: async () => {
      if (!server.listening) return;
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}
