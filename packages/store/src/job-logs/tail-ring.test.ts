import { describe, expect, it } from 'vitest';
import { TailRing } from './tail-ring.ts';

describe('the ring of last bytes', () => {
  it('holds the last bytes for any way of cutting the stream', () => {
    const stream = Buffer.from(Array.from({ length: 60 }, (_, i) => i));
    for (let size = 1; size <= 25; size += 1) {
      for (let step = 1; step <= 40; step += 1) {
        const ring = new TailRing(size);
        for (let at = 0; at < stream.length; at += step) {
          ring.push(stream.subarray(at, at + step));
        }

        expect([...ring.read()]).toEqual([...stream.subarray(-size)]);
        expect(ring.bytesWritten).toBe(stream.length);
      }
    }
  });

  it('is empty before anything was written', () => {
    expect(new TailRing(4).read()).toHaveLength(0);
  });
});
