/** The first place whose time is not before this one. @param {number[]} times ascending @param {number} time */
const placeOf = (times, time) => {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (times[middle]) < time) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** @param {number} from @param {number} end */
const places = (from, end) => Array.from({ length: Math.max(0, end - from) }, (_, at) => from + at);

/**
 * Of the points that share a bucket: the first, the last, the first without a value, and where each series is lowest and highest.
 * @param {(number | null)[][]} series
 * @param {number} from
 * @param {number} end
 */
const keptOf = (series, from, end) => {
  const kept = new Set([from, end - 1]);
  const gap = series[0]?.slice(from, end).indexOf(null) ?? -1;
  if (gap >= 0) kept.add(from + gap);
  for (const values of series) {
    let [lowest, highest] = [-1, -1];
    for (let at = from; at < end; at++) {
      const value = values[at] ?? null;
      if (value === null) continue;
      if (lowest < 0 || value < /** @type {number} */ (values[lowest])) lowest = at;
      if (highest < 0 || value > /** @type {number} */ (values[highest])) highest = at;
    }
    if (lowest >= 0) kept.add(lowest).add(highest);
  }
  return [...kept].sort((a, b) => a - b);
};

/**
 * Which points to draw of those in a range, and one beyond each of its edges, so that a line goes on. More than there is
 * room for are thinned out by buckets of equal time, and what stands out stays: extremes, and gaps in the first series.
 * @param {number[]} times ascending
 * @param {(number | null)[][]} series
 * @param {{min: number, max: number}} range
 * @param {number} buckets
 * @returns {number[]} places, ascending
 */
export const extremes = (times, series, { min, max }, buckets) => {
  const from = Math.max(0, placeOf(times, min) - 1);
  const end = Math.min(times.length, placeOf(times, max) + 1);
  if (end - from <= buckets * 4) return places(from, end);
  const width = (max - min) / buckets;
  /** @type {number[]} */
  const drawn = [];
  for (let start = from; start < end; ) {
    const bucket = Math.floor(((times[start] ?? min) - min) / width);
    const next = Math.min(end, Math.max(start + 1, placeOf(times, min + (bucket + 1) * width)));
    drawn.push(...keptOf(series, start, next));
    start = next;
  }
  return drawn;
};
