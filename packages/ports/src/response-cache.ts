/** Remembers answers of the code host by validator, so that asking again can be conditional. */
export interface ResponseCache {
  get(key: string): Promise<string | null>;
  /** @param timeToLiveMs after which the entry may go. */
  set(key: string, value: string, timeToLiveMs: number): Promise<void>;
  delete(key: string): Promise<void>;
}
