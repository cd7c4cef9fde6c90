/**
 * Faults that tests and the demo put between a client and the simulator. A fault is used up after
 * `count` hits; the first matching fault of the list acts.
 */

/** What goes wrong for an API request, a git request or a webhook. */
export type FaultInput =
  | (RequestMatch & {
      /** Answers `status` (500 to 599, or any other) without doing anything. */
      readonly kind: 'status';
      readonly status: number;
    })
  | (RequestMatch & {
      /** Does the work, then resets the connection instead of answering. */
      readonly kind: 'lost_answer';
    })
  | (RequestMatch & { readonly kind: 'delay'; readonly delayMs: number })
  | (RequestMatch & {
      /** Primary limit: remaining 0, reset `resetS` seconds ahead (default 60). */
      readonly kind: 'primary_limit';
      readonly status?: 403 | 429;
      readonly resetS?: number;
    })
  | (RequestMatch & {
      /** Secondary limit with a Retry-After header (default 60). */
      readonly kind: 'secondary_limit';
      readonly status?: 403 | 429;
      readonly retryAfterS?: number;
    })
  | (WebhookMatch & {
      /** `drop`: recorded as a connection failure. `reorder`: sent after the next one. */
      readonly kind: 'drop' | 'duplicate' | 'reorder';
    })
  | (WebhookMatch & { readonly kind: 'delay'; readonly delayMs: number });

interface RequestMatch {
  readonly target: 'api';
  readonly method?: string;
  /** Path without `/api/v3`; `*` stands for anything. Default: every path. */
  readonly path?: string;
  /** Hits until it is used up. Default 1. */
  readonly count?: number;
}

interface WebhookMatch {
  readonly target: 'webhook';
  /** `event` or `event.action`. Default: every event. */
  readonly event?: string;
  readonly count?: number;
}

/** A fault in force. */
export type Fault = FaultInput & { readonly id: number; readonly left: number };
export type RequestFault = Extract<Fault, { target: 'api' }>;
export type WebhookFault = Extract<Fault, { target: 'webhook' }>;

/** The list of faults in force. */
export interface Faults {
  add(input: FaultInput): number;
  clear(id?: number): void;
  list(): readonly Fault[];
  /** Takes one hit of the first fault that matches the request. */
  takeRequest(method: string, path: string): RequestFault | null;
  /** Takes one hit of the first fault that matches the event. */
  takeWebhook(event: string, action: string | null): WebhookFault | null;
}

/** An empty list of faults. */
export function createFaults(): Faults {
  let nextId = 1;
  let faults: Fault[] = [];
  const use = (fault: Fault) => {
    faults = faults
      .map((each) => (each.id === fault.id ? { ...each, left: each.left - 1 } : each))
      .filter((each) => each.left > 0);
  };
  return {
    add(input) {
      const id = nextId++;
      faults.push({ ...input, id, left: input.count ?? 1 });
      return id;
    },
    clear(id) {
      faults = id === undefined ? [] : faults.filter((fault) => fault.id !== id);
    },
    list: () => faults,
    takeRequest(method, path) {
      for (const fault of faults) {
        if (fault.target !== 'api') continue;
        if (fault.method !== undefined && fault.method.toUpperCase() !== method) continue;
        if (fault.path !== undefined && !globMatches(fault.path, path)) continue;
        use(fault);
        return fault;
      }
      return null;
    },
    takeWebhook(event, action) {
      for (const fault of faults) {
        if (fault.target !== 'webhook') continue;
        const full = action === null ? event : `${event}.${action}`;
        if (fault.event !== undefined && fault.event !== event && fault.event !== full) continue;
        use(fault);
        return fault;
      }
      return null;
    },
  };
}

function globMatches(glob: string, path: string): boolean {
  const parts = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(path);
}
