import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoNotePath, parsePullName, simTarget } from './sim-target.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-sim-target-'));
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('the name of a pull request', () => {
  it('is its repository and number', () => {
    expect(parsePullName('acme/api#7')).toEqual({ repository: 'acme/api', number: 7 });
  });

  for (const text of ['acme/api', '#7', 'api#7', 'acme/api#x', 'a/b/c#1', 'acme/api#7 ']) {
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(() => parsePullName(text)).toThrow('A pull request is written OWNER/NAME#NUMBER');
    });
  }
});

describe('the simulator that commands talk to', () => {
  const note = async (text: string) => {
    await mkdir(dirname(demoNotePath(dataDir)), { recursive: true });
    await writeFile(demoNotePath(dataDir), text);
  };

  it('is the one that was named', async () => {
    await expect(simTarget({ sim: 'http://127.0.0.1:1', dataDir })).resolves.toBeDefined();
  });

  it("is the running demo's", async () => {
    await note(JSON.stringify({ simUrl: 'http://127.0.0.1:1' }));

    await expect(simTarget({ dataDir })).resolves.toBeDefined();
  });

  for (const text of [null, 'not JSON', '{}', '{"simUrl": 7}', 'null']) {
    it(`cannot be told from ${text === null ? 'no note' : JSON.stringify(text)}`, async () => {
      if (text !== null) await note(text);

      await expect(simTarget({ dataDir })).rejects.toThrow('No demo is running here.');
    });
  }
});
