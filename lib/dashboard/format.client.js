import { h } from './dom.client.js';

export const viewerZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @param {number | null} accuracy */
export const percent = (accuracy) => (accuracy === null ? '–' : `${(accuracy * 100).toFixed(2)} %`);

/** In percentage points. @param {number | null} change */
export const points = (change) => {
  if (change === null) return '–';
  const text = Math.abs(change * 100).toFixed(2);
  if (text === '0.00') return '±0.00';
  return `${change > 0 ? '+' : '−'}${text}`;
};

const units = /** @type {const} */ ([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
]);

/** The largest unit of which there are two, or one that is the smallest. @param {number} ms */
export const duration = (ms) => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const [unit, size] = units.find(([name, size]) => ms >= (name === 's' ? 1 : 2) * size) ?? ['s', 1000];
  return `${Math.floor(ms / size)} ${unit}`;
};

/** @param {number} time @param {number} now */
const relative = (time, now) => {
  const ms = time - now;
  if (Math.abs(ms) < 1000) return 'now';
  return ms > 0 ? `in ${duration(ms)}` : `${duration(-ms)} ago`;
};

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** Whether this browser knows a zone: the service's list may be newer. @param {string} timeZone */
const isKnown = (timeZone) => {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone });
    return true;
  } catch {
    return false;
  }
};

/** A zone that the browser does not know is shown as UTC, and says so. @param {string} timeZone @param {boolean} seconds */
const formatIn = (timeZone, seconds) => {
  const key = `${timeZone} ${seconds}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      ...(isKnown(timeZone) ? { timeZone } : { timeZone: 'UTC', timeZoneName: 'short' }),
      weekday: 'short',
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      ...(seconds && { second: '2-digit' }),
    });
    formats.set(key, format);
  }
  return format;
};

/** @param {string} time @param {string} [zone] */
export const exact = (time, zone = viewerZone) => {
  const date = new Date(time);
  return formatIn(zone, date.getUTCSeconds() !== 0).format(date);
};

/** In the schedule's zone and, where that is another, in the viewer's. @param {string} time @param {string} zone */
export const exactInBoth = (time, zone) =>
  zone === viewerZone
    ? `${exact(time)} (${zone})`
    : `${exact(time, zone)}${isKnown(zone) ? ` (${zone})` : ''}\n${exact(time)} (${viewerZone}, here)`;

/** Kept up to date by `tick`. @param {string | null} time @param {string} zone */
export const relativeTime = (time, zone) =>
  time === null
    ? '–'
    : h(
        'time',
        { datetime: time, title: exactInBoth(time, zone), class: 'relative' },
        relative(Date.parse(time), Date.now()),
      );

/** Relative times as they are now. */
export const tick = () => {
  const now = Date.now();
  for (const time of document.querySelectorAll('time.relative')) {
    const text = relative(Date.parse(/** @type {HTMLTimeElement} */ (time).dateTime), now);
    if (time.textContent !== text) time.textContent = text;
  }
};
