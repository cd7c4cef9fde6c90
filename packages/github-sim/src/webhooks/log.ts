/**
 * The delivery log of every App. It lives in `deliveries.jsonl`, one line per attempt, so that a
 * restart still knows what failed; the oldest attempts are forgotten at a fixed number.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DeliveryRecord {
  readonly id: number;
  readonly guid: string;
  readonly appId: number;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly event: string;
  readonly action: string | null;
  readonly deliveredAt: string;
  readonly redelivery: boolean;
  readonly url: string;
  readonly durationS: number;
  readonly status: string;
  readonly statusCode: number;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string;
}

const KEPT_MAX = 5_000;

export interface DeliveryLog {
  /** Oldest first. */
  all(): readonly DeliveryRecord[];
  add(record: DeliveryRecord): void;
}

/** Opens the log in `dataDir`. */
export function openDeliveryLog(dataDir: string): DeliveryLog {
  const file = join(dataDir, 'deliveries.jsonl');
  let records = readLines(file).slice(-KEPT_MAX);
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return {
    all: () => records,
    add(record) {
      records.push(record);
      if (records.length > KEPT_MAX * 1.2) records = records.slice(-KEPT_MAX);
      appendFileSync(file, `${JSON.stringify(record)}\n`);
    },
  };
}

function readLines(file: string): DeliveryRecord[] {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const records: DeliveryRecord[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      // Only this module writes the file.
      records.push(JSON.parse(line) as DeliveryRecord);
    } catch (error) {
      // A killed process may leave half a last line; everything before it is whole.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return records;
}
