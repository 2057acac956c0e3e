import type { Cron } from './parseCron';
import { type Zone, zoneNamed } from './timezone';
import { countMinutesOf, firstMinuteOf } from './wallClock';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** What a change of the clocks does to due times. */
export interface ClockChange {
  /** skipped: local times that never come, and so do not run. repeated: they come twice, and run the first time only. */
  readonly kind: 'skipped' | 'repeated';
  readonly at: Date;
  /** How many due times are meant. */
  readonly count: number;
  /** The first of them, as local times in milliseconds as if in UTC. */
  readonly times: readonly number[];
}

const offsetAt = (zone: Zone, instant: number) => zone.localAt(instant) - instant;

/** The minutes at which the offset changes in (from, until]. No zone changes twice on one day. */
function changesOf(zone: Zone, from: number, until: number): number[] {
  const changes: number[] = [];
  for (let day = Math.floor(from / MINUTE) * MINUTE; day < until; day += DAY) {
    const before = offsetAt(zone, day);
    if (before === offsetAt(zone, day + DAY)) continue;
    let [low, high] = [day, day + DAY];
    while (high - low > MINUTE) {
      const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
      if (offsetAt(zone, middle) === before) low = middle;
      else high = middle;
    }
    if (high <= until) changes.push(high);
  }
  return changes;
}

/** Of how many due times a change names at most. */
const named = 5;

/** Which due times the clocks skip or repeat in (from, until], earliest first. */
export function clockChanges(
  cron: Cron,
  timezone: string,
  from: Date | number,
  until: Date | number,
): ClockChange[] {
  const [zone, wall] = [zoneNamed(timezone), zoneNamed('UTC')];
  return changesOf(zone, +from, +until).flatMap((at): ClockChange[] => {
    const [before, after] = [at + offsetAt(zone, at - MINUTE), at + offsetAt(zone, at)];
    const [first, last] = [Math.min(before, after), Math.max(before, after) - MINUTE];
    const count = countMinutesOf(cron, wall, first, last);
    const times: number[] = [];
    while (times.length < Math.min(count, named)) {
      times.push(firstMinuteOf(cron, wall, times.at(-1) ?? first - 1, last) as number);
    }
    return count > 0
      ? [{ kind: after > before ? 'skipped' : 'repeated', at: new Date(at), count, times }]
      : [];
  });
}
