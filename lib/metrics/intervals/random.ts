/** Uniform in [0, 1), the same numbers for a seed every time (mulberry32, Tommy Ettinger). */
export const randomOf = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A deviate of the normal distribution (Marsaglia's polar method). */
export const normalOf = (random: () => number): (() => number) => {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const u = 2 * random() - 1;
      const v = 2 * random() - 1;
      const square = u * u + v * v;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = v * scale;
      return u * scale;
    }
  };
};

/** From so many expected successes and failures on, a rounded normal deviate is as good as a binomial one. */
const fewest = 30;

/** A deviate of the binomial distribution. */
export const binomialOf = (random: () => number): ((trials: number, p: number) => number) => {
  const normal = normalOf(random);
  const draw = (trials: number, p: number): number => {
    if (p > 0.5) return trials - draw(trials, 1 - p);
    const mean = trials * p;
    if (mean === 0) return 0;
    if (mean > fewest) {
      const value = Math.round(mean + normal() * Math.sqrt(mean * (1 - p)));
      return Math.min(trials, Math.max(0, value));
    }
    const odds = p / (1 - p);
    let left = random();
    let term = (1 - p) ** trials;
    let successes = 0;
    while (left > term && successes < trials) {
      left -= term;
      successes++;
      term *= (odds * (trials - successes + 1)) / successes;
    }
    return successes;
  };
  return draw;
};
