import { buildId, buildsetId, eventId, tenantId } from '@gatehouse/model';
import type { BuildRegister, BuildReport, BuildTicket, TenantStore } from '@gatehouse/ports';
import { expect, it } from 'vitest';

const acme = tenantId('acme');
const build = buildId('b-1');

/** The two stores that the register touches. */
export interface RegisterUnderTest {
  readonly builds: BuildRegister;
  readonly tenants: TenantStore;
}

/** What every BuildRegister does. @param open gives an empty one. */
export function buildRegisterConformance(open: () => Promise<RegisterUnderTest>): void {
  resultConformance(open);
  attemptConformance(open);
  closeConformance(open);
  startConformance(open);
}

function resultConformance(open: () => Promise<RegisterUnderTest>): void {
  it('accepts a result with the attempt’s token, and posts it', async () => {
    const { builds, tenants } = await open();
    await builds.openAttempt(ticketOf(1, 'token-1'));

    const answer = await builds.acceptResult(reportOf('token-1'));

    expect(answer).toBe('accepted');
    expect((await tenants.openTurn(acme, 10)).events).toEqual([{ id: 'result-x', body: {} }]);
    expect(await tenants.tenantsWithWork()).toEqual(['acme']);
    expect((await builds.readTicket(build))?.isClosed).toBe(true);
  });

  it('accepts a result from within by its attempt', async () => {
    const { builds } = await open();
    await builds.openAttempt(ticketOf(1, null));

    expect(await builds.acceptResult(reportFromWithin(1))).toBe('accepted');
  });

  it('answers a report about a build it never saw with unknown-build', async () => {
    const { builds } = await open();

    expect(await builds.acceptResult(reportOf('token-1'))).toBe('unknown-build');
    expect(await builds.acceptStart(reportOf('token-1'))).toBe('unknown-build');
  });

  it('answers a token that was never given out with wrong-token, whatever the state', async () => {
    const { builds } = await open();
    await builds.openAttempt(ticketOf(1, 'token-1'));
    const whileOpen = await builds.acceptResult(reportOf('guess'));
    await builds.closeBuild(build);

    const whenClosed = await builds.acceptResult(reportOf('guess'));

    expect([whileOpen, whenClosed]).toEqual(['wrong-token', 'wrong-token']);
  });

  it('takes no token where results only come from within', async () => {
    const { builds } = await open();
    await builds.openAttempt(ticketOf(1, null));

    expect(await builds.acceptResult(reportOf('guess'))).toBe('wrong-token');
    expect(await builds.acceptResult(reportOf(''))).toBe('wrong-token');
  });

  it('answers the same result again with repeated, and posts nothing', async () => {
    const { builds, tenants } = await open();
    await builds.openAttempt(ticketOf(1, 'token-1'));
    await builds.acceptResult(reportOf('token-1'));

    const again = await builds.acceptResult({
      ...reportOf('token-1'),
      event: { id: eventId('result-y'), body: {} },
    });

    expect(again).toBe('repeated');
    expect((await tenants.openTurn(acme, 10)).events).toHaveLength(1);
  });

  it('answers another result with finished', async () => {
    const { builds } = await open();
    await builds.openAttempt(ticketOf(1, 'token-1'));
    await builds.acceptResult(reportOf('token-1'));

    expect(await builds.acceptResult(reportOf('token-1', 'other'))).toBe('finished');
  });

  it('accepts exactly one of many results that arrive together', async () => {
    const { builds, tenants } = await open();
    await builds.openAttempt(ticketOf(1, 'token-1'));

    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((hash) =>
        builds.acceptResult({
          ...reportOf('token-1', hash),
          event: { id: eventId(`result-${hash}`), body: {} },
        }),
      ),
    );

    expect([...answers].sort()).toEqual(['accepted', 'finished', 'finished', 'finished']);
    expect((await tenants.openTurn(acme, 10)).events).toHaveLength(1);
  });
}

function attemptConformance(open: () => Promise<RegisterUnderTest>): void {
  it('makes earlier attempts stale, by token and by number', async () => {
    const { builds } = await open();
    await builds.openAttempt(ticketOf(1, 'token-1'));
    await builds.acceptResult(reportOf('token-1'));
    await builds.openAttempt(ticketOf(2, 'token-2'));

    expect(await builds.acceptResult(reportOf('token-1'))).toBe('stale-attempt');
    expect(await builds.acceptResult(reportFromWithin(1))).toBe('stale-attempt');
    expect(await builds.acceptResult(reportOf('token-2', 'second'))).toBe('accepted');
  });

  it('keeps an earlier attempt’s token stale when the build is closed', async () => {
    const { builds } = await open();
    await builds.openAttempt(ticketOf(1, 'token-1'));
    await builds.openAttempt(ticketOf(2, 'token-2'));
    await builds.closeBuild(build);

    expect(await builds.acceptResult(reportOf('token-1'))).toBe('stale-attempt');
    expect(await builds.acceptResult(reportOf('token-2'))).toBe('finished');
  });

  it('replaces the token of an attempt that is opened again', async () => {
    const { builds } = await open();
    await builds.openAttempt(ticketOf(1, 'token-1'));

    const answer = await builds.openAttempt(ticketOf(1, 'token-1b'));

    expect(answer).toBe('opened');
    expect(await builds.acceptResult(reportOf('token-1'))).toBe('stale-attempt');
    expect(await builds.acceptResult(reportOf('token-1b'))).toBe('accepted');
  });

  it('does not open an attempt that has its result, nor one before the newest', async () => {
    const { builds } = await open();
    await builds.openAttempt(ticketOf(2, 'token-2'));
    await builds.acceptResult(reportOf('token-2'));

    expect(await builds.openAttempt(ticketOf(2, 'token-2b'))).toBe('finished');
    expect(await builds.openAttempt(ticketOf(1, 'token-1'))).toBe('finished');
    expect(await builds.openAttempt(ticketOf(3, 'token-3'))).toBe('opened');
  });

  it('reads back the newest attempt’s ticket', async () => {
    const { builds } = await open();
    await builds.openAttempt(ticketOf(1, 'token-1'));
    await builds.openAttempt(ticketOf(2, null));

    const ticket = await builds.readTicket(build);

    expect(ticket).toEqual({ ...ticketOf(2, null), isClosed: false, hasResult: false });
    expect(await builds.readTicket(buildId('b-9'))).toBeNull();
  });
}

function closeConformance(open: () => Promise<RegisterUnderTest>): void {
  it('answers reports about a closed build with finished, and posts nothing', async () => {
    const { builds, tenants } = await open();
    await builds.openAttempt(ticketOf(1, 'token-1'));

    await builds.closeBuild(build);

    expect(await builds.acceptResult(reportOf('token-1'))).toBe('finished');
    expect(await builds.acceptStart(reportOf('token-1'))).toBe('finished');
    expect((await tenants.openTurn(acme, 10)).events).toEqual([]);
    expect(await builds.readTicket(build)).toMatchObject({ isClosed: true, hasResult: false });
  });

  it('opens no attempt of a closed build, also when the launch comes after the close', async () => {
    const { builds } = await open();

    await builds.closeBuild(build);

    expect(await builds.openAttempt(ticketOf(1, 'token-1'))).toBe('finished');
    expect(await builds.readTicket(build)).toBeNull();
  });

  it('still knows the accepted result of a build that was closed after it', async () => {
    const { builds } = await open();
    await builds.openAttempt(ticketOf(1, 'token-1'));
    await builds.acceptResult(reportOf('token-1'));

    await builds.closeBuild(build);

    expect(await builds.acceptResult(reportOf('token-1'))).toBe('repeated');
    expect(await builds.acceptResult(reportOf('token-1', 'other'))).toBe('finished');
    expect(await builds.readTicket(build)).toMatchObject({ isClosed: true, hasResult: true });
  });
}

function startConformance(open: () => Promise<RegisterUnderTest>): void {
  it('accepts a start any number of times and posts it once', async () => {
    const { builds, tenants } = await open();
    await builds.openAttempt(ticketOf(1, 'token-1'));

    const answers = [
      await builds.acceptStart(reportOf('token-1')),
      await builds.acceptStart(reportOf('token-1')),
    ];

    expect(answers).toEqual(['accepted', 'accepted']);
    expect((await tenants.openTurn(acme, 10)).events).toHaveLength(1);
    expect((await builds.readTicket(build))?.isClosed).toBe(false);
  });

  it('answers a start after the result with finished', async () => {
    const { builds } = await open();
    await builds.openAttempt(ticketOf(1, 'token-1'));
    await builds.acceptResult(reportOf('token-1'));

    expect(await builds.acceptStart(reportOf('token-1'))).toBe('finished');
  });
}

function ticketOf(attempt: number, tokenHash: string | null): BuildTicket {
  return { build, buildset: buildsetId('bs-1'), tenant: acme, attempt, tokenHash };
}

function reportOf(tokenHash: string, resultHash = 'same'): BuildReport {
  const event = { id: eventId('result-x'), body: {} };
  return { build, attempt: null, tokenHash, resultHash, event };
}

function reportFromWithin(attempt: number): BuildReport {
  return { ...reportOf(''), attempt, tokenHash: null };
}
