/** What GitHub tells about itself, and about accounts. */
import { notFound } from '../errors.ts';
import { budgetKey } from '../http/api.ts';
import { ok, type Route, route } from '../http/route.ts';
import { showPrivateUser, showPublicUser } from '../present/accounts.ts';
import { needUser } from '../state/find.ts';

/** Meta routes and accounts. */
export const metaRoutes: readonly Route[] = [
  route('GET /meta', 'public', () =>
    ok({ verifiable_password_authentication: false, hooks: ['127.0.0.1/32', '::1/128'] }),
  ),
  route('GET /versions', 'public', (call) => ok([...call.core.options.apiVersions].reverse())),
  route('GET /rate_limit', 'public', (call) => {
    const budget = call.core.limits.of(budgetKey(call.caller));
    const core = {
      limit: budget.limit,
      used: budget.used,
      remaining: Math.max(0, budget.limit - budget.used),
      reset: Math.ceil(budget.resetAtMs / 1000),
    };
    return ok({
      resources: { core, search: { ...core, limit: 30, used: 0, remaining: 30 } },
      rate: core,
    });
  }),
  route('GET /user', 'user', (call) => {
    if (call.caller.kind !== 'user') throw notFound();
    return ok(showPrivateUser(call.core, call.caller.user));
  }),
  route('GET /users/{username}', 'public', (call) =>
    ok(showPublicUser(call.core, needUser(call.core.state, call.params.username ?? ''))),
  ),
];
