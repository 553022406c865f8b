// Which codes in the camera's picture count: each once, and again only after it has left the picture. Without clock or page, so that it can be tried out.
export const AWAY = 800; // ms a code must be out of the picture before it counts again
const LOOKS = 3; // and so many looks must have missed it: a slow phone looks seldom

export class Lockout {
  #seen = new Map(); // text → { last: ms, missed: looks since, hits, taken }

  /** `found`: [{ text, sure }] of one look at `now` (ms). → the texts that count now. What is not `sure` counts when it was read twice. */
  take(found, now) {
    const texts = new Set(found.map((one) => one.text));
    for (const [text, code] of this.#seen) if (!texts.has(text)) this.#miss(text, code, now);
    return found.filter((one) => this.#counts(one, now)).map((one) => one.text);
  }

  #miss(text, code, now) {
    code.missed += 1;
    if (now - code.last >= AWAY && code.missed >= LOOKS) this.#seen.delete(text);
  }

  #counts({ text, sure }, now) {
    const code = this.#seen.get(text) ?? { hits: 0, taken: false };
    this.#seen.set(text, code);
    Object.assign(code, { last: now, missed: 0, hits: code.hits + 1 });
    if (code.taken || (!sure && code.hits < 2)) return false;
    code.taken = true;
    return true;
  }
}
