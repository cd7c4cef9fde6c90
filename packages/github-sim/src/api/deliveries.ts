/** What an App's webhook was sent, and sending it again. */
import { notFound } from '../errors.ts';
import { bodyOf, type Call, ok, type Reply, type Route, route } from '../http/route.ts';
import type { DeliveryRecord } from '../webhooks/log.ts';
import { appOf } from './apps.ts';

/** The deliveries API with an App's own token. */
export const deliveryRoutes: readonly Route[] = [
  route('GET /app/hook/deliveries', 'app', listDeliveries),
  route('GET /app/hook/deliveries/{delivery_id}', 'app', (call) => {
    const record = needDelivery(call);
    return ok({
      ...showDelivery(record),
      url: record.url,
      request: { headers: record.requestHeaders, payload: JSON.parse(record.requestBody) },
      response: { headers: record.responseHeaders, payload: record.responseBody },
    });
  }),
  route('POST /app/hook/deliveries/{delivery_id}/attempts', 'app', (call) => {
    bodyOf(call);
    call.core.hooks.redeliver(needDelivery(call).id);
    return { status: 202, body: {} };
  }),
];

function ownDeliveries(call: Call): DeliveryRecord[] {
  const app = appOf(call);
  return call.core.hooks
    .log()
    .filter((record) => record.appId === app.id)
    .sort((a, b) => b.id - a.id);
}

function needDelivery(call: Call): DeliveryRecord {
  const id = Number(call.params.delivery_id);
  const record = ownDeliveries(call).find((each) => each.id === id);
  if (record === undefined) throw notFound();
  return record;
}

/** Newest first; the cursor names the delivery after which the next page starts. */
function listDeliveries(call: Call): Reply {
  const perPage = Math.min(Number(call.query.get('per_page') ?? 30), 100);
  const status = call.query.get('status');
  const cursor = /^v1_(\d+)$/.exec(call.query.get('cursor') ?? '')?.[1];
  const fitting = ownDeliveries(call).filter((record) => {
    if (cursor !== undefined && record.id >= Number(cursor)) return false;
    if (status === undefined) return true;
    return (status === 'success') === (record.status === 'OK');
  });
  const items = fitting.slice(0, perPage);
  const last = items.at(-1);
  const hasMore = fitting.length > items.length && last !== undefined;
  const query = new URLSearchParams([...call.query]);
  query.set('cursor', `v1_${last?.id ?? 0}`);
  const link = hasMore ? `<${call.core.urls.api}${call.path}?${query}>; rel="next"` : '';
  return ok(items.map(showDelivery), { link });
}

function showDelivery(record: DeliveryRecord) {
  return {
    id: record.id,
    guid: record.guid,
    delivered_at: record.deliveredAt,
    redelivery: record.redelivery,
    duration: record.durationS,
    status: record.status,
    status_code: record.statusCode,
    event: record.event,
    action: record.action,
    installation_id: record.installationId,
    repository_id: record.repositoryId,
    throttled_at: null,
  };
}
