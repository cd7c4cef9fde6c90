/** What every part of the page uses, made once and handed down. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Api, createApi } from './data/api.ts';
import { createFollower, type Follower } from './data/follow.ts';
import { createLive, type Live } from './data/live.ts';
import { createNavigation, type Navigation } from './route/navigation.ts';
import { createTicker, type Ticker } from './time/ticker.ts';

/** The outside, from the page's view. */
export interface Services {
  readonly base: string;
  readonly api: Api;
  readonly live: Live;
  readonly follower: Follower;
  readonly ticker: Ticker;
  readonly navigation: Navigation;
}

/** @param base as `baseOf` gives it */
export function createServices(base: string): Services {
  const ticker = createTicker();
  const api = createApi({ base, onServerTime: ticker.correct });
  const live = createLive(api.address('events'));
  return {
    base,
    api,
    live,
    follower: createFollower({ api, live }),
    ticker,
    navigation: createNavigation(base),
  };
}

/** Hands them down. */
export const ServicesContext = createContext<Services | null>(null);

/** @throws Error outside of a {@link ServicesContext}. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('used outside of the page');
  return services;
}
