/** What is needed of a client to end it. */
export interface EndableClient {
  readonly status: string;
  connect(): Promise<unknown>;
  disconnect(): unknown;
}

/**
 * Ends a client for good, and with it the commands that wait on it. ioredis only stops the timer of
 * one that is between two tries to reconnect: it neither says that it ended nor lets its commands
 * go (observed with 6.0.0). One more try, which ends either way, makes it.
 */
export async function endConnection(client: EndableClient): Promise<void> {
  client.disconnect();
  if (client.status !== 'reconnecting') return;
  await client.connect().then(
    () => client.disconnect(),
    () => undefined, // it is away, and the client has ended
  );
}
