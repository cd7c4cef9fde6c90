import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { appJwt, buildWorld, callerWith, startTestSim } from '../testing.ts';

test('an App reads itself with a token that it signed', async () => {
  await using on = await startTestSim();
  const { app, asApp } = await buildWorld(on);

  const answer = await asApp('GET', '/app');

  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ id: app.id, slug: 'gatehouse', installations_count: 1 });
  expect(on.sim.violations).toEqual([]);
});

test('the client id may stand for the App id', async () => {
  await using on = await startTestSim();
  const { app } = await buildWorld(on);
  const call = callerWith(on.apiUrl, appJwt(app, { iss: app.clientId }));

  expect((await call('GET', '/app')).status).toBe(200);
});

test('a token that lives longer than ten minutes is refused', async () => {
  await using on = await startTestSim();
  const { app } = await buildWorld(on);
  const nowS = Math.floor(Date.now() / 1000);
  const call = callerWith(on.apiUrl, appJwt(app, { exp: nowS + 3_600 }));

  const answer = await call('GET', '/app');

  expect(answer.status).toBe(401);
  expect(answer.body.message).toContain('is too far in the future');
});

test('an expired token is refused', async () => {
  await using on = await startTestSim();
  const { app } = await buildWorld(on);
  const nowS = Math.floor(Date.now() / 1000);
  const call = callerWith(on.apiUrl, appJwt(app, { iat: nowS - 900, exp: nowS - 300 }));

  const answer = await call('GET', '/app');

  expect(answer.status).toBe(401);
  expect(answer.body.message).toContain("'Expiration time' claim ('exp') must be");
});

test('a token that was issued in the future is refused', async () => {
  await using on = await startTestSim();
  const { app } = await buildWorld(on);
  const nowS = Math.floor(Date.now() / 1000);
  const call = callerWith(on.apiUrl, appJwt(app, { iat: nowS + 300 }));

  expect((await call('GET', '/app')).body.message).toContain("'Issued at' claim ('iat')");
});

test('a token signed with another key is refused', async () => {
  await using on = await startTestSim();
  const { app } = await buildWorld(on);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = String(privateKey.export({ type: 'pkcs1', format: 'pem' }));
  const call = callerWith(on.apiUrl, appJwt({ id: app.id, privateKey: other }));

  const answer = await call('GET', '/app');

  expect(answer.status).toBe(401);
  expect(answer.body.message).toBe('A JSON web token could not be decoded');
});

test('an unknown App is not found', async () => {
  await using on = await startTestSim();
  const { app } = await buildWorld(on);
  const call = callerWith(on.apiUrl, appJwt(app, { iss: 999_999 }));

  const answer = await call('GET', '/app');

  expect(answer.status).toBe(404);
  expect(answer.body.message).toBe('Integration not found');
});

test('an installation token has the long opaque form and lives for an hour', async () => {
  await using on = await startTestSim();
  const { app, installation, asApp } = await buildWorld(on);

  const { status, body } = await asApp('POST', `/app/installations/${installation}/access_tokens`);

  expect(status).toBe(201);
  expect(body.token).toMatch(new RegExp(`^ghs_${app.id}_[A-Za-z0-9._-]{400,}$`));
  expect(Date.parse(body.expires_at) - Date.now()).toBeGreaterThan(3_590_000);
  expect(Date.parse(body.expires_at) - Date.now()).toBeLessThan(3_601_000);
});

test('an installation token ends after an hour', async () => {
  let nowMs = Date.now();
  await using on = await startTestSim({ clock: { now: () => new Date(nowMs) } });
  const { asInstallation } = await buildWorld(on);

  nowMs += 3_600_001;
  const answer = await asInstallation('GET', '/installation/repositories');

  expect(answer.status).toBe(401);
  expect(answer.body.message).toBe('Bad credentials');
});

test('a token narrowed to permissions may do no more than those', async () => {
  await using on = await startTestSim();
  const { installation, asApp, sha } = await buildWorld(on);
  const made = await asApp('POST', `/app/installations/${installation}/access_tokens`, {
    body: { permissions: { contents: 'read' } },
  });
  const call = callerWith(on.apiUrl, made.body.token);

  const write = await call('POST', '/repos/acme/api/check-runs', {
    body: { name: 'x', head_sha: sha },
  });

  expect((await call('GET', '/repos/acme/api/contents/README.md')).status).toBe(200);
  expect(write.status).toBe(403);
  expect(write.body.message).toBe('Resource not accessible by integration');
  expect(write.headers.get('x-accepted-github-permissions')).toBe('checks=write');
});

test('a token narrowed to a repository does not see another private one', async () => {
  await using on = await startTestSim();
  const { installation, asApp } = await buildWorld(on, { private: true });
  await on.act.createRepository({ owner: 'acme', name: 'other', private: true, files: { a: 'b' } });
  const made = await asApp('POST', `/app/installations/${installation}/access_tokens`, {
    body: { repositories: ['other'] },
  });
  const call = callerWith(on.apiUrl, made.body.token);

  const seen = await call('GET', '/installation/repositories');

  expect(made.body.repositories.map((repo: { name: string }) => repo.name)).toEqual(['other']);
  expect(seen.body.total_count).toBe(1);
  expect((await call('GET', '/repos/acme/api')).status).toBe(404);
  expect((await call('GET', '/repos/acme/other')).status).toBe(200);
  expect(on.sim.violations).toEqual([]);
});

test('permissions that the installation lacks cannot be asked for', async () => {
  await using on = await startTestSim();
  const { installation, asApp } = await buildWorld(on);

  const answer = await asApp('POST', `/app/installations/${installation}/access_tokens`, {
    body: { permissions: { administration: 'write' } },
  });

  expect(answer.status).toBe(422);
});

test('a suspended installation is refused', async () => {
  await using on = await startTestSim();
  const { installation, asInstallation } = await buildWorld(on);

  await on.act.editInstallation({ installation, suspended: true });

  const answer = await asInstallation('GET', '/installation/repositories');
  expect(answer.status).toBe(403);
  expect(answer.body.message).toBe('This installation has been suspended');
});

test('a revoked token is refused', async () => {
  await using on = await startTestSim();
  const { asInstallation } = await buildWorld(on);

  const revoked = await asInstallation('DELETE', '/installation/token');

  expect(revoked.status).toBe(204);
  expect((await asInstallation('GET', '/installation/repositories')).status).toBe(401);
});

test('strangers read public repositories and learn nothing of private ones', async () => {
  await using on = await startTestSim();
  await buildWorld(on);
  await on.act.createRepository({ owner: 'acme', name: 'hidden', private: true });
  const stranger = callerWith(on.apiUrl);

  expect((await stranger('GET', '/repos/acme/api')).status).toBe(200);
  expect((await stranger('GET', '/repos/acme/hidden')).status).toBe(404);
  expect((await stranger('GET', '/user')).status).toBe(401);
});

test('a person acts in their own name with their own rights', async () => {
  await using on = await startTestSim();
  const { sha } = await buildWorld(on);
  const person = await on.act.createUser({ login: 'eve' });
  const call = callerWith(on.apiUrl, person.token);

  const write = await call('POST', '/repos/acme/api/git/refs', {
    body: { ref: 'refs/heads/mine', sha },
  });

  expect((await call('GET', '/user')).body.login).toBe('eve');
  expect(write.status).toBe(403);
  expect(on.sim.violations).toEqual([]);
});
