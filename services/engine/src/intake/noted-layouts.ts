/**
 * Layouts whose loading notes how configurations stand. The notes are told when the delivery has
 * become what it becomes: telling may lead to reading other repositories again, and nobody waits
 * for that. A note that is lost with its process is made again by the next load.
 */
import type { RepositoryKey } from '@gatehouse/model';
import type { ConfigurationStanding } from '@gatehouse/ports';
import type { EngineDeps } from '../deps.ts';
import { createLayouts, type Layouts } from './layouts.ts';
import { questionOfDefault } from './sources.ts';
import { createStandings } from './standings.ts';

/** Layouts, and what was noted of them. */
export interface NotedLayouts {
  readonly layouts: Layouts;
  /** Tells what was noted; what cannot be told is logged. */
  tellNotes(): Promise<void>;
  /** Told when the App came to repositories of this owner, or left some. */
  reviewOwner(login: string): Promise<void>;
}

/** Makes them. */
export function createNotedLayouts(deps: EngineDeps): NotedLayouts {
  const notes = new Map<RepositoryKey, ConfigurationStanding>();
  const noteStanding = (standing: ConfigurationStanding): void => {
    const { repository, readAt } = standing;
    // Of two loads at once, the one that began later saw what is newer, whichever ends first.
    if ((notes.get(repository)?.readAt ?? 0) <= readAt) notes.set(repository, standing);
  };
  const moved = new Set<RepositoryKey>();
  const noteMoved = (repository: RepositoryKey): void => void moved.add(repository);
  const layouts = createLayouts({ ...deps, noteStanding, noteMoved });
  const standings = createStandings({ ...deps, readAgain });

  async function readAgain(repository: RepositoryKey): Promise<ConfigurationStanding | null> {
    const facts = await deps.changes.readRepository(repository);
    return facts === null ? null : layouts.standing(questionOfDefault(facts));
  }

  return {
    layouts,
    async tellNotes() {
      const noted = [...notes.values()];
      notes.clear();
      const toRead = [...moved];
      moved.clear();
      for (const standing of noted) await standings.tell(standing);
      for (const repository of toRead) await standings.readNow(repository);
    },
    reviewOwner: standings.review,
  };
}
