import { type ConfigurationProblem, repositoryKey, tenantId } from '@gatehouse/model';
import type { ConfigurationStanding, StandingProblems } from '@gatehouse/ports';
import { expect, it } from 'vitest';

const acme = tenantId('acme');
const api = repositoryKey('acme/api');
const web = repositoryKey('acme/Web');
const shared = repositoryKey('acme/.gatehouse');

type Open = () => Promise<StandingProblems>;

/** What all StandingProblems do. @param open gives some that know nothing. */
export function standingProblemsConformance(open: Open): void {
  keepsProblems(open);
  replacesProblems(open);
  refusesWhatIsOlder(open);
  looksAtSources(open);
}

function keepsProblems(open: Open): void {
  it('keeps what is wrong with a repository’s configuration for its tenant', async () => {
    const standings = await open();
    const problems = [problem({ level: 'warning', message: 'w' }), problem({ range: null })];

    const answer = await standings.tell(standing({ problems }));

    expect(answer).toEqual({ code: 'changed', outdated: [] });
    expect(await standings.list(tenantId('other'))).toEqual([]);
    expect(await standings.list(acme)).toEqual([
      {
        repository: api,
        sources: [api],
        problems: [problems[1], problems[0]],
        errorsCount: 1,
        warningsCount: 1,
      },
    ]);
  });

  it('says that nothing is new when the same problems are told again', async () => {
    const standings = await open();
    await standings.tell(standing({ problems: [problem()] }));

    const answer = await standings.tell(standing({ problems: [problem()], readAt: 20 }));

    expect(answer.code).toBe('same');
  });

  it('says that nothing is new when nothing is wrong and never was', async () => {
    const standings = await open();

    expect((await standings.tell(standing({}))).code).toBe('same');
    expect(await standings.list(acme)).toEqual([]);
  });
}

function replacesProblems(open: Open): void {
  it('replaces what was told before, however the repository’s name is written', async () => {
    const standings = await open();
    await standings.tell(standing({ problems: [problem()] }));

    const other = problem({ message: 'another' });
    const again = standing({ repository: repositoryKey('Acme/API'), problems: [other] });
    const answer = await standings.tell({ ...again, readAt: 20 });

    expect(answer.code).toBe('changed');
    const kept = await standings.list(acme);
    expect(kept.map(({ problems }) => problems)).toEqual([[other]]);
  });

  it('keeps a problem that many meet once for each repository', async () => {
    const standings = await open();

    await standings.tell(standing({ problems: [problem(), problem()] }));

    expect((await standings.list(acme))[0]).toMatchObject({
      problems: [problem()],
      errorsCount: 1,
    });
  });

  it('lists repositories in alphabetical order', async () => {
    const standings = await open();
    for (const repository of [web, api, shared]) {
      await standings.tell(standing({ repository, problems: [problem()] }));
    }

    const kept = await standings.list(acme);

    expect(kept.map(({ repository }) => repository)).toEqual([shared, api, web]);
  });
}

function refusesWhatIsOlder(open: Open): void {
  it('forgets what is repaired, and does not believe who read before the repair', async () => {
    const standings = await open();
    await standings.tell(standing({ problems: [problem()], readAt: 10 }));

    const repaired = await standings.tell(standing({ readAt: 30 }));
    const late = await standings.tell(standing({ problems: [problem()], readAt: 20 }));

    expect([repaired.code, late.code]).toEqual(['changed', 'stale']);
    expect(await standings.list(acme)).toEqual([]);
  });

  it('does not believe who read before a repair and is the first to have met the error', async () => {
    const standings = await open();

    await standings.tell(standing({ readAt: 20 }));
    const late = await standings.tell(standing({ problems: [problem()], readAt: 10 }));

    expect(late.code).toBe('stale');
    expect(await standings.list(acme)).toEqual([]);
  });

  it('counts from the last of several readings that found nothing wrong', async () => {
    const standings = await open();
    await standings.tell(standing({ readAt: 10 }));
    await standings.tell(standing({ readAt: 30 }));

    const late = await standings.tell(standing({ problems: [problem()], readAt: 20 }));

    expect(late.code).toBe('stale');
    expect(await standings.list(acme)).toEqual([]);
  });

  it('keeps an error that came back when a sound reading from in between is told last', async () => {
    const standings = await open();
    await standings.tell(standing({ problems: [problem()], readAt: 10 }));
    await standings.tell(standing({ problems: [problem()], readAt: 30 }));

    const late = await standings.tell(standing({ readAt: 20 }));

    expect(late.code).toBe('stale');
    expect(await standings.list(acme)).toHaveLength(1);
  });
}

function looksAtSources(open: Open): void {
  it('names the repositories that were read from another content of the same source', async () => {
    const standings = await open();
    const from = (contentHash: string) => [{ repository: shared, branch: null, contentHash }];
    const problems = [problem()];
    await standings.tell(standing({ repository: web, problems, sources: from('old') }));
    await standings.tell(standing({ repository: api, problems, sources: from('old') }));

    const moved = await standings.tell(standing({ repository: shared, sources: from('new') }));
    await standings.tell(standing({ repository: web, problems, sources: from('new'), readAt: 20 }));
    const later = await standings.tell(standing({ repository: shared, sources: from('new') }));

    expect(moved.outdated).toEqual([web, api]);
    expect(later.outdated).toEqual([api]);
  });

  it('tells branches of a source apart', async () => {
    const standings = await open();
    const on = (branch: string, contentHash: string) => ({ repository: api, branch, contentHash });
    const problems = [problem()];
    await standings.tell(standing({ repository: web, problems, sources: [on('main', 'one')] }));

    const sources = [on('main', 'one'), on('stable', 'another')];
    const answer = await standings.tell(standing({ sources }));

    expect(answer.outdated).toEqual([]);
    expect(await standings.list(acme)).toMatchObject([{ sources: [web, api] }]);
  });
}

function standing(different: Partial<ConfigurationStanding>): ConfigurationStanding {
  const { repository = api } = different;
  const sources = [{ repository, branch: 'main', contentHash: 'one' }];
  return { repository, sources, problems: [], readAt: 10, ...different };
}

function problem(different: Partial<ConfigurationProblem> = {}): ConfigurationProblem {
  return {
    level: 'error',
    code: 'unknown-key',
    message: 'there is no key runn',
    remedy: 'Write run.',
    repository: api,
    branch: 'main',
    path: '.gatehouse.yaml',
    range: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
    ...different,
  };
}
