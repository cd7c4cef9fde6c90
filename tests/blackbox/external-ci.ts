/**
 * An external CI as the `http` executor meets one: it takes launches and cancellations, and reports
 * back when a test wants it to. Stories of one file share it; each is told apart by the title of
 * its pull request.
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { until } from './house.ts';

/** A launch as the contract describes it; only what stories look at has a type. */
export interface LaunchedBody {
  readonly build: { readonly id: string; readonly job: string; readonly attempt: number };
  readonly change: { readonly number: number | null; readonly title: string | null };
  readonly parent_data: unknown;
  readonly callback: { readonly url: string; readonly token: string };
}

/** One request that the CI got. */
export interface CiRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Exactly as it came: what is signed. */
  readonly text: string;
}

/** A launch. */
export interface Launch extends CiRequest {
  readonly body: LaunchedBody;
}

/** What a callback was answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Answers a launch with a status; what it reports meanwhile comes before the acceptance. */
export type Taker = (launch: Launch) => number | Promise<number>;

/** The CI. */
export interface ExternalCi extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  /** Decides about the launches of a pull request; without one they are accepted. */
  onLaunch(title: string, take: Taker): void;
  /** Launches of a pull request's jobs, or of one of them, oldest first. */
  launches(title: string, job?: string): readonly Launch[];
  /** Resolves with the `count`-th launch, from 1. */
  launched(title: string, options?: { job?: string; count?: number }): Promise<Launch>;
  /** Cancellations of a build. */
  cancels(build: string): readonly CiRequest[];
  /** Everything, for runs without a pull request. */
  readonly requests: readonly CiRequest[];
}

/** A CI that listens on this machine. */
export async function openExternalCi(): Promise<ExternalCi> {
  const requests: CiRequest[] = [];
  const launches: Launch[] = [];
  const takers = new Map<string, Taker>();
  const server = createServer((request, response) => {
    receive(request)
      .then(async (got) => {
        requests.push(got);
        const body = JSON.parse(got.text) as LaunchedBody | { cancel: unknown };
        if ('cancel' in body) return 200;
        const launch = { ...got, body };
        launches.push(launch);
        return (await takers.get(body.change.title ?? '')?.(launch)) ?? 200;
      })
      .then((status) => response.writeHead(status).end())
      .catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const ofTitle = (title: string, job?: string) =>
    launches.filter(
      ({ body }) => body.change.title === title && (job === undefined || body.build.job === job),
    );
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    onLaunch: (title, take) => takers.set(title, take),
    launches: ofTitle,
    launched: (title, { job, count = 1 } = {}) =>
      until(`launch ${count} of ${title}`, async () => ofTitle(title, job)[count - 1] ?? null),
    cancels: (build) =>
      requests.filter(({ text }) => text.startsWith('{"cancel"') && text.includes(`"${build}"`)),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Reports on a launched attempt as its runner would. @param said text is sent as it is */
export async function report(
  { body }: Launch,
  path: 'started' | 'result',
  said: unknown,
): Promise<Answer> {
  const { url, token } = body.callback;
  const response = await fetch(`${url}/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    },
    body: typeof said === 'string' ? said : JSON.stringify(said),
  });
  return { status: response.status, body: await response.json() };
}

/** The launch as somebody knows it who has another token; empty: none at all. */
export function withToken(launch: Launch, token: string): Launch {
  const { body } = launch;
  return { ...launch, body: { ...body, callback: { ...body.callback, token } } };
}

/** The launch as if it had been of another build. */
export function withBuild(launch: Launch, id: string): Launch {
  const { body } = launch;
  const url = body.callback.url.replace(body.build.id, id);
  return { ...launch, body: { ...body, callback: { ...body.callback, url } } };
}

async function receive(request: IncomingMessage): Promise<CiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set
  const text = Buffer.concat(chunks).toString('utf8');
  return { path: request.url ?? '', headers: request.headers, text };
}
