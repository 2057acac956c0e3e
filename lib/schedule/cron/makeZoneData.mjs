// npm run zones: writes zoneData.json, or the file that is its argument, from the installed moment-timezone, which
// follows the releases of the IANA database. timezone.ts reads it.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import moment from 'moment-timezone';

const MINUTE = 60_000;
const FIRST_YEAR = 2000;
const LAST_YEAR = 2037;
const { version, zones, links } = createRequire(import.meta.url)('moment-timezone/data/packed/latest.json');

/** The periods of one offset that meet the years of the data, in minutes: from where, how far ahead of UTC. */
const periodsOf = ({ untils, offsets }) => {
  const start = Date.UTC(FIRST_YEAR, 0) / MINUTE;
  const end = Date.UTC(LAST_YEAR + 1, 0) / MINUTE;
  const periods = [];
  let from = start;
  for (const [index, west] of offsets.entries()) {
    const until = Math.min(untils[index] / MINUTE, end);
    if (until <= from) continue;
    const ahead = west === 0 ? 0 : -west;
    if (periods.at(-1)?.ahead !== ahead) periods.push({ from, ahead });
    from = until;
  }
  return periods;
};

const base36 = (number) => {
  if (!Number.isInteger(number) || number < 0) throw new Error(`${number} cannot be written in the data`);
  return number.toString(36);
};

/**
 * "60 120|010|17d0 6u80": the offsets there are, in minutes; which of them are in force one after the other, a digit
 * each; and after how many minutes the next is, the first of them counted from the start of the data.
 */
const pack = (periods) => {
  const offsets = [...new Set(periods.map(({ ahead }) => ahead))];
  const order = periods.map(({ ahead }) => base36(offsets.indexOf(ahead)));
  const gaps = periods.slice(1).map(({ from }, index) => base36(from - periods[index].from));
  return [offsets.join(' '), order.join(''), gaps.join(' ')].join('|');
};

const sorted = (entries) => Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));

const data = {
  version,
  firstYear: FIRST_YEAR,
  lastYear: LAST_YEAR,
  zones: sorted(zones.map(moment.tz.unpack).map((zone) => [zone.name, pack(periodsOf(zone))])),
  links: sorted(links.map((link) => link.split('|').reverse())),
};
writeFileSync(
  process.argv[2] ?? new URL('zoneData.json', import.meta.url),
  `${JSON.stringify(data, null, 1)}\n`,
);
