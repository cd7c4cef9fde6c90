import type { BuildRegister, BuildReport, BuildTicket, ReportAnswer } from '@gatehouse/ports';
import { type MemoryTenants, postInto } from './shared-mailboxes.ts';

interface Entry {
  ticket: BuildTicket | null;
  readonly tokens: Map<string, number>;
  resultHash: string | null;
  isClosed: boolean;
}

/** The register in a map. */
export function memoryBuildRegister(shared: MemoryTenants): BuildRegister {
  const entries = new Map<string, Entry>();
  const entryOf = (build: string): Entry => {
    const entry = entries.get(build) ?? emptyEntry();
    entries.set(build, entry);
    return entry;
  };
  const accept = (kind: 'result' | 'start', report: BuildReport): ReportAnswer => {
    const entry = entries.get(report.build);
    if (entry === undefined || entry.ticket === null) return 'unknown-build';
    const refusal = refusalOf(entry, entry.ticket, report);
    if (refusal !== null) return refusal;
    if (kind === 'result' && entry.resultHash === report.resultHash) return 'repeated';
    if (entry.isClosed || entry.resultHash !== null) return 'finished';
    postInto(shared, { tenant: entry.ticket.tenant, event: report.event });
    if (kind === 'result') entry.resultHash = report.resultHash;
    return 'accepted';
  };
  return {
    openAttempt: async (ticket) => {
      const entry = entryOf(ticket.build);
      const current = entry.ticket?.attempt ?? 0;
      const isOver = ticket.attempt === current && entry.resultHash !== null;
      if (entry.isClosed || ticket.attempt < current || isOver) return 'finished';
      entry.ticket = ticket;
      entry.resultHash = null;
      if (ticket.tokenHash !== null) entry.tokens.set(ticket.tokenHash, ticket.attempt);
      return 'opened';
    },
    acceptResult: async (report) => accept('result', report),
    acceptStart: async (report) => accept('start', report),
    closeBuild: async (build) => {
      entryOf(build).isClosed = true;
    },
    readTicket: async (build) => {
      const entry = entries.get(build);
      if (entry === undefined || entry.ticket === null) return null;
      const hasResult = entry.resultHash !== null;
      return { ...entry.ticket, isClosed: entry.isClosed || hasResult, hasResult };
    },
  };
}

function emptyEntry(): Entry {
  return { ticket: null, tokens: new Map(), resultHash: null, isClosed: false };
}

function refusalOf(entry: Entry, ticket: BuildTicket, report: BuildReport): ReportAnswer | null {
  const attempt = report.attempt ?? entry.tokens.get(report.tokenHash ?? '');
  if (attempt === undefined || attempt > ticket.attempt) return 'wrong-token';
  if (attempt < ticket.attempt) return 'stale-attempt';
  const isReplaced = report.attempt === null && report.tokenHash !== ticket.tokenHash;
  return isReplaced ? 'stale-attempt' : null;
}
