import { GatehouseError } from '@gatehouse/model';
import type { Settings } from '@gatehouse/settings';
import { expect, it } from 'vitest';
import { startProblemText } from './start-problem.ts';

const settings = { host: '127.0.0.1', port: 8080, dataDir: '.gatehouse' } as Settings; // all it reads
const coded = (code: string) => Object.assign(new Error('listen failed'), { code });

it('says in one message why the service cannot start, and what to do', () => {
  const problems = [
    coded('EADDRINUSE'),
    coded('EADDRNOTAVAIL'),
    coded('EACCES'),
    new GatehouseError('GATE_REDIS_NOT_FOUND', 'No Redis server was found.'),
    'something odd',
  ];

  expect(problems.map((problem) => startProblemText(problem, settings))).toMatchInlineSnapshot(`
    [
      "Gatehouse cannot start. Another program listens on 127.0.0.1:8080. Stop it, or choose another port with GATEHOUSE_PORT.",
      "Gatehouse cannot start. This machine has no address 127.0.0.1. Choose one it has with GATEHOUSE_HOST.",
      "Gatehouse cannot start. It may not write to .gatehouse or listen on port 8080. Check GATEHOUSE_DATA_DIR and GATEHOUSE_PORT.",
      "Gatehouse cannot start. No Redis server was found.",
      "Gatehouse cannot start. something odd",
    ]
  `);
});

it('shows the stack of what nobody thought of', () => {
  expect(startProblemText(new Error('surprise'), settings)).toMatch(/surprise\n +at /);
});
