import zoneData from './zoneData.json';

// Intl has the zones of Node's ICU, which are as old as the Node that runs. These are the same on every Node.
const { version, firstYear, lastYear } = zoneData;
const zones: Readonly<Record<string, string>> = zoneData.zones;
const links: Readonly<Record<string, string>> = zoneData.links;

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.UTC(firstYear, 0);
const END = Date.UTC(lastYear + 1, 0);

/** The zones' release of the IANA database. `npm update moment-timezone && npm run zones` brings a newer one. */
export const zoneDataVersion: string = version;

/**
 * Whether `name` is a time zone of the IANA database, in the database's own spelling; its names have at most 32
 * characters, EventBridge Scheduler takes 50. Offsets ("+02:00") and ICU's own names ("PST", "SystemV/EST5") are not.
 */
export const isTimezone = (name: string): boolean => canonicalName(name) !== undefined;

const simple = (name: string) => name.toLowerCase().replace(/[\s_-]+/g, '_');

/** The name that somebody may have meant: in another case, with blanks, or the place alone ("berlin"). */
export function timezoneLike(name: string): string | undefined {
  const wanted = simple(name.trim());
  const names = [...Object.keys(zones), ...Object.keys(links)].sort();
  return (
    names.find((known) => simple(known) === wanted) ??
    names.find((known) => known.includes('/') && simple(known.slice(known.lastIndexOf('/') + 1)) === wanted)
  );
}

function canonicalName(name: string): string | undefined {
  if (Object.hasOwn(zones, name)) return name;
  return Object.hasOwn(links, name) ? links[name] : undefined;
}

/** What a time zone's wall clock shows. Instants and local times are milliseconds, local ones as if in UTC. */
export interface Zone {
  /** One for all names of the zone. */
  readonly name: string;
  localAt(instant: number): number;
  /** The first instant at which the wall clock shows `local`, null when it never does (skipped in spring). */
  firstInstantAt(local: number): number | null;
}

const known = new Map<string, Zone>();

/** Throws a RangeError for what `isTimezone` refuses. */
export function zoneNamed(name: string): Zone {
  const canonical = canonicalName(name);
  if (canonical === undefined)
    throw new RangeError(`"${name}" is not an IANA time zone name, such as Europe/Berlin or UTC`);
  const zone = known.get(canonical) ?? makeZone(canonical);
  known.set(canonical, zone);
  return zone;
}

function makeZone(name: string): Zone {
  const { changes, offsets } = unpack(zones[name] as string);
  const offsetAt = (instant: number) => {
    const at = instant < END ? instant : sameDayWithinData(instant);
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((changes[middle] as number) <= at) low = middle + 1;
      else high = middle;
    }
    return offsets[low] as number;
  };
  return {
    name,
    localAt: (instant) => instant + offsetAt(instant),
    firstInstantAt(local) {
      // Of the offsets before and after, the larger one gives the earlier instant.
      const before = offsetAt(local - DAY);
      const after = offsetAt(local + DAY);
      const early = local - Math.max(before, after);
      if (early + offsetAt(early) === local) return early;
      const late = local - Math.min(before, after);
      return late + offsetAt(late) === local ? late : null;
    },
  };
}

/** When the offset changes; the offset before each change and after the last. The first is taken before the data, too. */
function unpack(packed: string) {
  const [values = '', order = '', gaps = ''] = packed.split('|');
  const minutes = values.split(' ').map(Number);
  const offsets = Array.from(order, (digit) => (minutes[Number.parseInt(digit, 36)] as number) * MINUTE);
  const changes: number[] = [];
  let change = START;
  for (const gap of gaps.split(' ').slice(0, offsets.length - 1)) {
    change += Number.parseInt(gap, 36) * MINUTE;
    changes.push(change);
  }
  return { changes, offsets };
}

const weekdayOfMarch = (year: number) => new Date(Date.UTC(year, 2)).getUTCDay();

/** The last year of the data in which 1 March is a Sunday, a Monday and so on: any eleven years have all seven. */
const yearsByWeekday: number[] = [];
for (let year = lastYear - 10; year <= lastYear; year++) yearsByWeekday[weekdayOfMarch(year)] = year;

/**
 * An instant in the data at which the offset is that of an instant after the data. From there on the last rules stay,
 * which name weekdays of months (the last Sunday of October), none of them in January or February: so two years that
 * have 1 March on the same weekday change their clocks at the same dates and times. Ramadan in Gaza and Hebron, by
 * the moon and a guess so far ahead, is left out.
 */
function sameDayWithinData(instant: number): number {
  const date = new Date(instant);
  return date.setUTCFullYear(yearsByWeekday[weekdayOfMarch(date.getUTCFullYear())] as number);
}
