import type { AppResult, PullResult, SimActions } from '../actions/types.ts';

/** How the demo's App reaches the service. */
export interface DemoOptions {
  readonly webhookUrl: string;
  /** Made by the simulator when left out. */
  readonly webhookSecret?: string;
  /** PEM; made by the simulator when left out. */
  readonly privateKey?: string;
}

export interface DemoResult {
  readonly app: AppResult;
  readonly installation: number;
  readonly repositories: readonly string[];
  readonly pullRequests: readonly PullResult[];
}

/** Fills an empty simulator with the demo's organisation, people and pull requests. */
export async function seedDemo(act: SimActions, options: DemoOptions): Promise<DemoResult> {
  const app = await act.registerApp({ slug: 'gatehouse', permissions: {}, events: [], ...options });
  return { app, installation: 0, repositories: [], pullRequests: [] };
}
