/** Probot's middleware with one handler that does nothing, at its default log level. */
import { generateKeyPairSync } from 'node:crypto';
import { createNodeMiddleware, createProbot } from 'probot';
import { SECRET, WEBHOOK_PATH } from '../webhook.ts';
import { serveListener } from './serve.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const probot = createProbot({
  overrides: { appId: 1, privateKey, secret: SECRET, logLevel: 'warn' },
});
const middleware = await createNodeMiddleware(
  (app) => {
    app.on('pull_request', () => undefined);
  },
  { probot, webhooksPath: WEBHOOK_PATH },
);
await serveListener((request, response) => {
  void middleware(request, response);
});
