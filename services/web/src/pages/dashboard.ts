/**
 * The built browser part: a shell that is the same for every page, and the files that it names.
 * All of it is read once, when the role starts; the names of the files carry their contents' hash.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Links } from '../links.ts';
import { YEAR_SECONDS } from './assets.ts';

/** Types of the files that a build makes. */
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Registers the files of the build.
 *
 * @param folder where the build is
 * @returns the shell as HTML; null when nothing was built there
 */
export async function registerDashboard(
  scope: FastifyInstance,
  folder: string,
  links: Links,
): Promise<string | null> {
  const shell = await readFile(join(folder, 'index.html'), 'utf8').catch(whenMissing);
  if (shell === null) return null;
  for (const name of await readdir(join(folder, 'assets'))) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const content = await readFile(join(folder, 'assets', name));
    scope.get(`/assets/${name}`, async (_request, reply) =>
      reply
        .header('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`)
        .type(type)
        .send(content),
    );
  }
  // Below a public path, browsers ask for files there; whoever forwards takes the path off again.
  return shell.replaceAll('"/assets/', `"${links.front}assets/`);
}

function whenMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
