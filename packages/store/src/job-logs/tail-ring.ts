/** Keeps the last bytes of a stream in fixed memory. */
export class TailRing {
  readonly #bytesMax: number;
  #ring: Uint8Array | null = null;
  #written = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** How many bytes went in; those beyond the ring's size are gone. */
  get bytesWritten(): number {
    return this.#written;
  }

  push(chunk: Uint8Array): void {
    // Most logs never get here, so that memory is taken when the first one does.
    this.#ring ??= new Uint8Array(this.#bytesMax);
    const kept = chunk.subarray(Math.max(0, chunk.length - this.#bytesMax));
    const start = (this.#written + chunk.length - kept.length) % this.#bytesMax;
    const first = kept.subarray(0, this.#bytesMax - start);
    this.#ring.set(first, start);
    this.#ring.set(kept.subarray(first.length), 0);
    this.#written += chunk.length;
  }

  /** The last bytes in order. */
  read(): Uint8Array {
    if (this.#ring === null) return new Uint8Array(0);
    if (this.#written <= this.#bytesMax) return this.#ring.slice(0, this.#written);
    const start = this.#written % this.#bytesMax;
    return Buffer.concat([this.#ring.subarray(start), this.#ring.subarray(0, start)]);
  }
}
