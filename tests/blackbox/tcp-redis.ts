/**
 * A Redis that outlives the service and that can be taken away: a server of the test's own on a
 * socket, behind a TCP port, because settings name Redis by URL. Going away is what a network or a
 * failover does: connections break and new ones are refused; what the server holds stays.
 *
 * Since everything that lasts goes through this door, it is also where a process can be killed at
 * an exact point between two writes: see {@link Trap}.
 */
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { type IsolatedRedis, isolatedRedis } from '@gatehouse/testkit';
import { freePort } from './house.ts';
import { createCommandCutter, type RespCommand } from './resp-commands.ts';

/** Springs at a command that the service sends; then nothing goes through that connection. */
export interface Trap {
  /** `before`: Redis never gets the command. `after`: it was done, and nobody hears of it. */
  readonly when: 'before' | 'after';
  /** Sees the commands of every connection, in the order of each. */
  matches(text: string): boolean;
  /** Ends the service, at once. */
  spring(): void;
}

/** The server and its door. */
export interface TcpRedis extends AsyncDisposable {
  /** For `GATEHOUSE_REDIS_URL`. */
  readonly url: string;
  /** The same server without the door, for the test itself. */
  readonly behind: IsolatedRedis;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** Sets the trap; one at a time, and gone when it sprang. Null takes it away. */
  setTrap(trap: Trap | null): void;
}

interface Traps {
  set: Trap | null;
}

/** An empty Redis. */
export async function openTcpRedis(): Promise<TcpRedis> {
  const behind = await isolatedRedis();
  const { address } = behind;
  const port = await freePort();
  const path = 'socketPath' in address ? address.socketPath : '';
  const traps: Traps = { set: null };
  let door = await openDoor({ path, port, traps });
  return {
    url: `redis://127.0.0.1:${port}`,
    behind,
    goAway: () => door.close(),
    comeBack: async () => {
      door = await openDoor({ path, port, traps });
    },
    setTrap: (trap) => {
      traps.set = trap;
    },
    [Symbol.asyncDispose]: async () => {
      await door.close();
      await behind[Symbol.asyncDispose]();
    },
  };
}

interface DoorOptions {
  readonly path: string;
  readonly port: number;
  readonly traps: Traps;
}

async function openDoor({ path, port, traps }: DoorOptions): Promise<{ close(): Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer((outer) => {
    const inner = createConnection(path);
    for (const [one, other] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    carry(outer, inner, traps);
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

/** Said by Redis behind a command, so that the command is known to be done. */
const DONE = 'the trapped command is done';

function carry(outer: Socket, inner: Socket, traps: Traps): void {
  const cut = createCommandCutter();
  let isTrapped = false;
  inner.on('data', (chunk) => {
    if (!isTrapped) outer.write(chunk);
  });
  outer.on('data', (chunk) => {
    for (const command of cut(chunk)) {
      if (isTrapped) return;
      const trap = traps.set;
      if (trap?.matches(command.text()) === true) {
        traps.set = null;
        isTrapped = true;
        shut(inner, trap, command);
      } else inner.write(command.bytes);
    }
  });
}

function shut(inner: Socket, trap: Trap, command: RespCommand): void {
  if (trap.when === 'before') {
    trap.spring();
    return;
  }
  let said = '';
  inner.on('data', (chunk) => {
    said = (said + chunk.toString('latin1')).slice(-DONE.length * 2);
    if (said.includes(DONE)) trap.spring();
  });
  inner.write(command.bytes);
  inner.write(`*2\r\n$4\r\nECHO\r\n$${DONE.length}\r\n${DONE}\r\n`);
}
