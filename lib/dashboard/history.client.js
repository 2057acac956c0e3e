import { request } from './api.client.js';
import { duration, exact } from './format.client.js';

const pageSize = 100;
const largestPage = 500;

/** Of more runs than this the oldest are left out, or a browser's memory would be full. */
const mostRuns = 50_000;

/** @param {{time: number}} a @param {{time: number}} b */
const newestFirst = (a, b) => b.time - a.time;

/** The runs of a model that are known here. @param {string} id */
export const runHistory = (id) => {
  /** @type {Map<string, any>} */
  const runs = new Map();
  /** The same, newest first. @type {any[]} */
  let sorted = [];
  /** @type {string | null} */
  let before = null;
  /** @type {Set<string>} */
  const keys = new Set();

  const keep = (/** @type {any[]} */ items) => {
    for (const run of items) {
      run.time = Date.parse(run.scheduled_time) / 1000;
      run.age = run.data_timestamp && Math.max(0, run.time - Date.parse(run.data_timestamp) / 1000); // parsed once
      for (const key of Object.keys(run.metrics)) keys.add(key);
      runs.set(run.scheduled_time, run);
    }
    sorted = [...runs.values()].sort(newestFirst);
  };
  const loadOlder = async (size = pageSize) => {
    const { body } = await request('GET', `results/${id}/history?limit=${size}&before=${before}`);
    keep(body.items);
    before = body.next_before;
  };
  return {
    sorted: () => sorted,
    /** Keys of the metrics that they have. */
    keys: () => [...keys],
    hasOlder: () => before !== null,
    loadOlder: () => loadOlder(),
    /** Puts the newest page before what is known; where they do not meet, what is known is forgotten: no gap is shown. */
    loadNewest: async () => {
      const { body } = await request('GET', `results/${id}/history?limit=${pageSize}`);
      const newest = sorted[0]?.scheduled_time;
      if (newest === undefined || (body.next_before !== null && body.next_before > newest)) {
        runs.clear();
        before = body.next_before;
      }
      keep(body.items);
    },
    /** Whether all runs since a time are here, or as many as may be. @param {number} since in seconds */
    reaches: (since) => before === null || sorted.length >= mostRuns || Date.parse(before) / 1000 <= since,
    /** Goes back a page. */
    reachBack: () => loadOlder(largestPage),
  };
};

/** How many of these runs, newest first, were missed. @param {any[]} runs @returns {string | false} */
const missedWords = (runs) => {
  const missed = runs.filter(({ status }) => status === 'missed');
  const count = runs.reduce(
    (sum, run) => sum + (run.status === 'missed' ? 1 : 0) + (run.missed_before ?? 0),
    0,
  );
  if (count === 0) return false;
  const span = missed.length > 0 && Date.now() - Date.parse(missed.at(-1).scheduled_time);
  const newest = missed.length > 0 ? `, the newest ${exact(missed[0].scheduled_time)}` : '';
  const over = span && missed.length > 1 ? `, over the last ${duration(span)}` : '';
  return `${count.toLocaleString('en')} due time${count === 1 ? ' has' : 's have'} no run${newest}${over}.`;
};

/** @param {any[]} runs @returns {string | false} */
const cutWords = (runs) =>
  runs.length >= mostRuns && ` Only the newest ${mostRuns.toLocaleString('en')} runs are shown; CSV has all.`;

/** What a chart does not say of its runs, newest first. @param {any[]} runs */
export const wordsOf = (runs) => [missedWords(runs), cutWords(runs)];
