export { createIngress, type Ingress, type IngressDeps } from './create-ingress.ts';
export type { Wait } from './look.ts';
export { registerWebhookRoute, WEBHOOK_PATH, type WebhookRouteDeps } from './webhook-route.ts';
