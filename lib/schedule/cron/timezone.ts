import { IANAZone } from 'luxon';

const DAY = 86_400_000;
const REGIONS =
  /^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US)\//;
const PLACE =
  /\/(?:[A-Z]{2,3}|[A-Z]{1,2}[a-z]+)(?:[A-Z]{1,2}[a-z]+|[_-](?:[A-Z]{2}|[A-Za-z]?[a-z]+|St))*(?=\/|$)/g;
const ETC = /^Etc\/(?:GMT(?:0|[+-]\d{1,2})?|UCT|UTC|Greenwich|Universal|Zulu)$/;
const WITHOUT_REGION = new Set(
  `CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran
  Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK
  Singapore Turkey UCT UTC Universal W-SU WET Zulu`.split(/\s+/),
);
const canonicalNames = new Map(Intl.supportedValuesOf('timeZone').map((name) => [name.toLowerCase(), name]));

/**
 * Whether `name` is a time zone of the IANA database as EventBridge Scheduler takes it: at most 50 characters and
 * in the database's own spelling. Offsets ("+02:00"), ICU's own names ("PST", "SystemV/EST5") and the specials of
 * luxon ("local", "system") are not.
 */
export function isTimezone(name: string): boolean {
  if (name.length > 50 || !isSpeltAsInDatabase(name)) return false;
  return IANAZone.isValidZone(name);
}

function isSpeltAsInDatabase(name: string): boolean {
  if (WITHOUT_REGION.has(name) || ETC.test(name)) return true;
  if (!REGIONS.test(name) || name.startsWith('Etc/')) return false;
  const canonical = canonicalNames.get(name.toLowerCase());
  if (canonical !== undefined) return canonical === name;
  return name.replace(PLACE, '').length === name.indexOf('/');
}

/** What a time zone's wall clock shows. Instants and local times are milliseconds, local ones as if in UTC. */
export interface Zone {
  /** One for all spellings of the zone. */
  readonly name: string;
  localAt(instant: number): number;
  /** The first instant at which the wall clock shows `local`, null when it never does (skipped in spring). */
  firstInstantAt(local: number): number | null;
}

interface OffsetsOfDay {
  first: number;
  last: number;
  changeAt: number;
}

const zones = new Map<string, Zone>();

/** Throws a RangeError for what `isTimezone` refuses. */
export function zoneNamed(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  if (!isTimezone(name))
    throw new RangeError(`"${name}" is not an IANA time zone name, such as Europe/Berlin or UTC`);
  const zone = makeZone(IANAZone.create(name));
  zones.set(name, zone);
  return zone;
}

function makeZone(iana: IANAZone): Zone {
  // luxon takes 6 microseconds for one offset. No zone changes its offset twice within one UTC day.
  const days = new Map<number, OffsetsOfDay>();
  const offsetAt = (instant: number): number => {
    const number = Math.floor(instant / DAY);
    let day = days.get(number);
    if (!day) {
      if (days.size >= 1000) days.clear();
      day = offsetsOfDay(iana, number * DAY);
      days.set(number, day);
    }
    return instant < day.changeAt ? day.first : day.last;
  };
  return {
    name: new Intl.DateTimeFormat('en', { timeZone: iana.name }).resolvedOptions().timeZone,
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

function offsetsOfDay(iana: IANAZone, start: number): OffsetsOfDay {
  const offset = (instant: number) => Math.round(iana.offset(instant) * 60_000);
  const first = offset(start);
  const last = offset(start + DAY - 1);
  if (first === last) return { first, last, changeAt: start };
  let unchanged = start;
  let changed = start + DAY - 1;
  while (changed - unchanged > 1) {
    const middle = Math.floor((unchanged + changed) / 2);
    if (offset(middle) === first) unchanged = middle;
    else changed = middle;
  }
  return { first, last, changeAt: changed };
}
