/**
 * Tells the engine about attempts: always through the register, which refuses what speaks of an
 * attempt that is over, and then by waking the tenant's turn. The end of an attempt is kept in
 * hand through a short outage of Redis: half an hour of work is not lost for a blink.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { eventId, type Json, kindOf } from '@gatehouse/model';
import { asJson, type BuildCompleted, type BuildStarted } from '@gatehouse/pipeline';
import type { BuildReport, ReportAnswer } from '@gatehouse/ports';
import { type Attempt, type AttemptEnd, attemptFields } from './attempt.ts';
import type { RunnerDeps } from './deps.ts';
import { REPORT_PATIENCE_MS } from './limits.ts';

type ReportDeps = Pick<RunnerDeps, 'queue' | 'builds' | 'clock' | 'log'>;

/** What executors may say. */
export interface BuildReports {
  /** Opens the attempt. False: the build is over, nothing is to be done. */
  open(attempt: Attempt, tokenHash: string | null): Promise<boolean>;
  /** False: the attempt does not count any more. */
  started(attempt: Attempt, hasLog: boolean): Promise<boolean>;
  completed(attempt: Attempt, end: AttemptEnd): Promise<void>;
  /** True while this attempt is the one that counts and is not over. */
  isWanted(attempt: Attempt): Promise<boolean>;
  /** True when nobody waits for this attempt any more although it has brought no result. */
  isAbandoned(attempt: Attempt): Promise<boolean>;
}

/** Reports to the register and the turns queue. */
export function createBuildReports(deps: ReportDeps): BuildReports {
  const wake = (attempt: Attempt) => deps.queue.send('turns', { tenant: attempt.item.tenant });

  return {
    async open(attempt, tokenHash) {
      const { item, build } = attempt;
      const answer = await deps.builds.openAttempt({
        build: build.id,
        buildset: item.buildset,
        tenant: item.tenant,
        attempt: build.attempt,
        tokenHash,
      });
      // A report may have been taken by a run that died before it could wake the engine.
      if (answer === 'finished') await wake(attempt);
      return answer === 'opened';
    },

    async started(attempt, hasLog) {
      const event: BuildStarted = {
        ...headOf(attempt, 'started', deps.clock.now()),
        type: 'BuildStarted',
        logUrl: null,
        hasLog,
      };
      const answer = await deps.builds.acceptStart(reportOf(attempt, event, { hasLog }));
      await wake(attempt);
      return note(deps, attempt, { word: 'started', answer });
    },

    async completed(attempt, end) {
      const event: BuildCompleted = {
        ...headOf(attempt, 'completed', deps.clock.now()),
        type: 'BuildCompleted',
        ...end,
      };
      const answer = await withPatience(() =>
        deps.builds.acceptResult(reportOf(attempt, event, { ...end })),
      );
      await withPatience(() => wake(attempt));
      note(deps, attempt, { word: end.result, answer });
    },

    async isWanted({ build }) {
      const ticket = await deps.builds.readTicket(build.id);
      return ticket !== null && !ticket.isClosed && ticket.attempt === build.attempt;
    },

    async isAbandoned({ build }) {
      const ticket = await deps.builds.readTicket(build.id);
      // An attempt that another has followed has brought a result.
      return ticket?.attempt === build.attempt && ticket.isClosed && !ticket.hasResult;
    },
  };
}

function headOf({ item, build }: Attempt, word: string, at: number) {
  return {
    id: eventId(`${build.id}/${build.attempt}/${word}`),
    tenant: item.tenant,
    at,
    buildset: item.buildset,
    build: build.id,
    attempt: build.attempt,
  };
}

function reportOf(attempt: Attempt, event: BuildStarted | BuildCompleted, said: Json): BuildReport {
  return {
    build: attempt.build.id,
    attempt: attempt.build.attempt,
    tokenHash: null,
    resultHash: createHash('sha256').update(JSON.stringify(said)).digest('hex'),
    event: { id: event.id, body: asJson(event) },
  };
}

interface Said {
  readonly word: string;
  readonly answer: ReportAnswer;
}

function note({ log }: ReportDeps, attempt: Attempt, { word, answer }: Said): boolean {
  const isTaken = answer === 'accepted' || answer === 'repeated';
  const fields = { ...attemptFields(attempt), said: word, answer };
  if (isTaken) log.info(fields, 'reported on a build');
  else log.info(fields, 'a report on a build came too late');
  return isTaken;
}

/** Tries again with growing pauses while Redis is away. @throws the last error. */
async function withPatience<T>(act: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + REPORT_PATIENCE_MS;
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 8_000)) {
    try {
      return await act();
    } catch (error) {
      if (kindOf(error) !== 'transient' || performance.now() > giveUpAt) throw error;
      await pause(pauseMs);
    }
  }
}
