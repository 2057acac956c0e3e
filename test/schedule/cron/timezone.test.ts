import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import moment from 'moment-timezone';
import { nextDue, parseCron } from '../../../lib/schedule/cron/cron';
import { isTimezone, zoneDataVersion, zoneNamed } from '../../../lib/schedule/cron/timezone';

const HOUR = 3_600_000;

const hoursAhead = (timezone: string, instant: string) => {
  const at = Date.parse(instant);
  return (zoneNamed(timezone).localAt(at) - at) / HOUR;
};

describe('offsets', () => {
  // What each release of the IANA database says in its NEWS file. Node 20.20 has 2025c, from before the first of them.
  test.each([
    ['2026b: permanent -07 after 2026-03-08', 'America/Vancouver', '2026-02-01T00:00Z', -8],
    ['2026b: permanent -07 after 2026-03-08', 'America/Vancouver', '2026-12-01T00:00Z', -7],
    ['2026b: permanent -07 after 2026-03-08', 'America/Vancouver', '2035-01-15T00:00Z', -7],
    ['2026c: permanent -06 after 2026-03-08', 'America/Edmonton', '2026-02-01T00:00Z', -7],
    ['2026c: permanent -06 after 2026-03-08', 'America/Edmonton', '2026-12-01T00:00Z', -6],
    ['2026c: permanent -06 after 2026-03-08', 'America/Yellowknife', '2026-12-01T00:00Z', -6],
    ['2026d: stays on -06, as Alberta', 'America/Inuvik', '2026-12-01T00:00Z', -6],
    ['2026e: permanent -05 after 2026-03-08', 'America/Winnipeg', '2026-02-01T00:00Z', -6],
    ['2026e: permanent -05 after 2026-03-08', 'America/Winnipeg', '2026-12-01T00:00Z', -5],
    ['2026c: permanent +00 on 2026-09-20 at 02:00', 'Africa/Casablanca', '2026-09-20T00:59:59Z', 1],
    ['2026c: permanent +00 on 2026-09-20 at 02:00', 'Africa/Casablanca', '2026-09-20T01:00Z', 0],
    ['2026c: permanent +00 on 2026-09-20 at 02:00', 'Africa/El_Aaiun', '2027-06-01T00:00Z', 0],
    ['2026f: maintains -04 through 2027-11-07', 'America/Havana', '2026-12-01T00:00Z', -4],
    ['2026f: maintains -04 through 2027-11-07', 'America/Havana', '2027-11-06T00:00Z', -4],
    ['2026f: maintains -04 through 2027-11-07', 'America/Havana', '2027-11-08T00:00Z', -5],
    ['2026a: springs forward at 03:00, not 02:00', 'Europe/Chisinau', '2026-03-29T00:30Z', 2],
    ['2026a: springs forward at 03:00, not 02:00', 'Europe/Chisinau', '2026-03-29T01:00Z', 3],
    ['2026a: falls back at 04:00, not 03:00', 'Europe/Chisinau', '2026-10-25T00:30Z', 3],
    ['2026a: falls back at 04:00, not 03:00', 'Europe/Chisinau', '2026-10-25T01:00Z', 2],
    ['the rule of the EU, since 1996', 'Europe/Berlin', '2026-03-29T00:59:59Z', 1],
    ['the rule of the EU, since 1996', 'Europe/Berlin', '2026-03-29T01:00Z', 2],
    ['unchanged since 1945', 'Asia/Kolkata', '2026-07-01T00:00Z', 5.5],
  ])('%s: %s at %s is %d hours ahead of UTC', (_source, timezone, instant, hours) => {
    expect(hoursAhead(timezone, instant)).toBe(hours);
  });

  test('09:00 in Vancouver on 1 December 2026 is 16:00 UTC', () => {
    const due = nextDue(parseCron('0 9 * * *'), 'America/Vancouver', new Date('2026-12-01T00:00-07:00'));
    expect(due).toEqual(new Date('2026-12-01T16:00Z'));
  });

  const differing = (name: string, from: string, to: string) => {
    const zone = zoneNamed(name);
    const other = moment.tz.zone(name) as moment.MomentZone;
    const isSame = (at: number) => zone.localAt(at) - at === -60_000 * other.utcOffset(at);
    const [min, max] = [Date.parse(from), Date.parse(to) - 1];
    const changes = other.untils.filter((until) => until > min && until <= max);
    const instants = fc.sample(fc.integer({ min, max }), 50);
    return [...instants, min, max, ...changes, ...changes.map((change) => change - 1)]
      .filter((at) => !isSame(at))
      .map((at) => `${name} ${new Date(at).toISOString()}`);
  };

  test('are those of moment-timezone from 2000 to 2037, in every zone, at random and on both sides of every change', () => {
    const found = moment.tz.names().flatMap((name) => differing(name, '2000-01-01', '2038-01-01'));
    expect(found).toEqual([]);
  });

  test('are those of moment-timezone after the data too, where no change goes by the moon', () => {
    const byTheMoon = ['Asia/Gaza', 'Asia/Hebron'];
    const names = moment.tz.names().filter((name) => !byTheMoon.includes(name));
    expect(names.flatMap((name) => differing(name, '2038-01-01', '2300-01-01'))).toEqual([]);
  });
});

describe('names', () => {
  test.each(
    `UTC GMT EST5EDT Etc/UTC Etc/GMT+5 Etc/GMT-14 Europe/Berlin Europe/Kyiv Asia/Kolkata Asia/Calcutta US/Eastern
    America/Argentina/ComodRivadavia America/Port-au-Prince America/North_Dakota/New_Salem Antarctica/DumontDUrville
    America/Knox_IN Australia/ACT Africa/Dar_es_Salaam Asia/Ho_Chi_Minh GB-Eire W-SU`.split(/\s+/),
  )('%s is a time zone', (name) => {
    expect(isTimezone(name)).toBe(true);
  });

  test('every name of the data is one, and short enough for EventBridge Scheduler', () => {
    expect(moment.tz.names().filter((name) => !isTimezone(name) || name.length > 50)).toEqual([]);
  });

  test('every zone that the runtime lists is one, as browsers list it to the user', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((name) => !isTimezone(name))).toEqual([]);
  });

  test.each([
    ...['', ' ', 'UTC ', '+02:00', '-05', 'UTC+2', 'GMT+5', 'Z', 'local', 'system', 'utc', 'europe/berlin'],
    ...['EUROPE/BERLIN', 'Europe/berlin', 'Europe/kyiv', 'Europe/KYIV', 'PST', 'JST', 'SystemV/EST5'],
    ...['US/Pacific-New', 'Factory', 'Mars/Olympus', 'Europe', 'Europe/', 'Etc/GMT+15', 'Etc/Unknown'],
    ...['__proto__', 'constructor', 'Europe/Berlin\n', 'A'.repeat(51)],
  ])('%j is none', (name) => {
    expect(isTimezone(name)).toBe(false);
    expect(() => zoneNamed(name)).toThrow(RangeError);
  });

  test.each([
    ['US/Eastern', 'America/New_York'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Canada/Pacific', 'America/Vancouver'],
    ['UTC', 'Etc/Zulu'],
  ])('%s and %s are one zone', (a, b) => {
    expect(zoneNamed(a).name).toBe(zoneNamed(b).name);
  });

  test('two zones are not one because they show the same time today', () => {
    expect(zoneNamed('Europe/Berlin').name).not.toBe(zoneNamed('Europe/Paris').name);
  });
});

describe('the data', () => {
  test('is what npm run zones makes of the installed moment-timezone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zones-'));
    const file = join(folder, 'zoneData.json');
    try {
      execFileSync(process.execPath, ['lib/schedule/cron/makeZoneData.mjs', file]);
      expect(readFileSync('lib/schedule/cron/zoneData.json', 'utf8') === readFileSync(file, 'utf8')).toBe(
        true,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('tells its release of the IANA database', () => {
    expect(zoneDataVersion).toMatch(/^20\d\d[a-z]$/);
    expect(zoneDataVersion).toBe((moment.tz as unknown as { dataVersion: string }).dataVersion);
  });
});
