import { buildsetId, deliveryId, effectKey, tenantId } from '@gatehouse/model';
import { describe, expect, it } from 'vitest';
import { identityOf, readMessage } from './messages.ts';

const tenant = tenantId('acme');
const buildset = buildsetId('bs-1');

describe('messages', () => {
  it.each([
    ['nothing', null],
    ['text', 'turn'],
    ['another schema', { schema: 2, message: { tenant: 'acme' } }],
    ['a missing field', { schema: 1, message: {} }],
    ['an unknown field', { schema: 1, message: { tenant: 'acme', more: 1 } }],
    ['an id that is none', { schema: 1, message: { tenant: '../etc' } }],
  ])('are not readable when they are %s', (_what, data) => {
    expect(readMessage('turns', data)).toMatchObject({ isReadable: false });
  });

  it('are read as they were written', () => {
    const message = { kind: 'state-built' as const, tenant, buildset, outcome: { list: [] } };
    const data = { schema: 1, message: { ...message, key: 'f:1' } };

    expect(readMessage('events', JSON.parse(JSON.stringify(data)))).toEqual({
      isReadable: true,
      message: { ...message, key: 'f:1' },
    });
  });

  it('are one by delivery, by effect, by tenant or by buildset', () => {
    const key = effectKey('item:1:launch');
    const delivery = { kind: 'delivery' as const, deliveryId: deliveryId('d-1'), event: 'push' };

    expect([
      identityOf('events', delivery),
      identityOf('merges', { key, tenant, buildset, action: 'build-state' }),
      identityOf('turns', { tenant }),
      identityOf('reports', { tenant, buildset }),
    ]).toEqual([
      { id: 'id-d-1' },
      { id: 'id-item%3A1%3Alaunch' },
      { latest: 'acme' },
      { latest: 'bs-1' },
    ]);
  });

  it('have ids that BullMQ takes, whatever the key holds', () => {
    const keys = ['a:b:c', '0', '42', 'ü\ud800', ' ', 'x'.repeat(500)].map(effectKey);

    const ids = keys.map((key) =>
      identityOf('merges', { key, tenant, buildset, action: 'release-state' }),
    );

    for (const identity of ids) {
      expect(identity).toHaveProperty('id', expect.stringMatching(/^id-[^:]+$/));
    }
    expect(new Set(ids.map((identity) => JSON.stringify(identity))).size).toBe(keys.length);
  });
});
