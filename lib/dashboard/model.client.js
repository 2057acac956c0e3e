import { act, modelActions } from './actions.client.js';
import { spansOf, thresholdsOf } from './alertMarks.client.js';
import { ApiProblem, request } from './api.client.js';
import { historyChart } from './chart.client.js';
import { csvButton } from './csvButton.client.js';
import { firstRun, firstSchedule } from './curl.client.js';
import { fill, h, note } from './dom.client.js';
import { factsOf } from './facts.client.js';
import { runHistory, wordsOf } from './history.client.js';
import { live } from './live.client.js';
import { pointOf } from './marks.client.js';
import { keysOf } from './metrics.client.js';
import { metricsTable } from './metricsTable.client.js';
import { beginOf, rangeChooser, rangeOf } from './range.client.js';
import { reportSection } from './report.client.js';
import { rulesPanel } from './rulesPanel.client.js';
import { runsTable } from './runs.client.js';
import { schedulePanel } from './schedulePanel.client.js';
import { segmentsCard } from './segments.client.js';
import { badge } from './status.client.js';

const firstRows = 25;
const moreRows = 100;

/** @param {any} result @param {any} schedule @returns {import('./status.client.js').Status} */
const statusOf = ({ stale, status }, schedule) =>
  schedule?.enabled === false ? 'paused' : stale ? 'stale' : status;

/** @param {ApiProblem} problem */
const orNothing = (problem) => {
  if (problem.status === 404) return { body: undefined };
  throw problem;
};

/**
 * One model, with the metric that the address names.
 * @param {HTMLElement} main
 * @param {string} id
 * @param {URLSearchParams} search
 * @returns {{update: (search: URLSearchParams) => void, close: () => void}}
 */
export const showModel = (main, id, search) => {
  const runs = runHistory(id);
  /** @type {string | undefined} */
  let etag;
  /** @type {any} */
  let schedule;
  /** @type {any} */
  let result;
  /** @type {any} */
  let alerts;
  let rows = firstRows;
  let wanted = search.get('metric');
  let range = rangeOf(search.get('range'));

  const addressOf = (/** @type {{metric?: string, range?: string}} */ changes) => {
    const all = { metric: wanted, range: range === 'newest' ? null : range, ...changes };
    const given = Object.entries(all).filter((pair) => typeof pair[1] === 'string');
    return `#/models/${id}?${new URLSearchParams(/** @type {[string, string][]} */ (given))}`;
  };
  const go = (/** @type {{metric?: string, range?: string}} */ changes) => {
    const address = addressOf(changes);
    history.replaceState(null, '', address);
    choose(new URLSearchParams(address.split('?')[1]));
  };
  const ranges = rangeChooser((name) => go({ range: name }));
  const chart = historyChart((key) => go({ metric: key }), ranges.element);
  const csv = csvButton(() => ({
    path: `results/${id}/history?format=csv&limit=500`,
    name: `history-${id}.csv`,
    since: beginOf(range),
  }));
  const title = h('div', { class: 'title' });
  const facts = h('dl', { class: 'facts' });
  const missedText = h('p', { class: 'soft' });
  const metricsBox = h('div', { class: 'plain-box' });
  const metricsCard = h(
    'section',
    { class: 'card metrics', 'aria-labelledby': 'metrics-title' },
    h('h2', { id: 'metrics-title' }, 'Metrics of the newest run'),
    metricsBox,
  );
  const segments = segmentsCard();
  const report = reportSection(id);
  const tableBox = h('div', {});
  const older = h('button', { type: 'button', onclick: () => act(showMore) }, 'Show older runs');
  const problemBox = h('div', { class: 'empty', hidden: true });
  const refresh = async () => {
    etag = undefined;
    await polling.now();
  };
  const save = async (/** @type {any} */ values) => {
    if (schedule) await request('PATCH', `schedule/${id}`, { body: values });
    else await request('POST', 'schedule', { body: { model_id: id, ...values } });
    note('Saved.');
    await refresh();
  };
  const actions = modelActions(id, refresh);
  const rules = rulesPanel(id, refresh);
  const panel = schedulePanel(id, save);
  const content = h(
    'div',
    { hidden: true },
    facts,
    h(
      'div',
      { class: 'columns' },
      h(
        'div',
        { class: 'column' },
        h(
          'section',
          { class: 'card', 'aria-labelledby': 'history-title' },
          h('div', { class: 'card-head' }, h('h2', { id: 'history-title' }, 'History'), csv),
          chart.element,
          missedText,
        ),
        metricsCard,
        segments.element,
        rules.element,
      ),
      panel.element,
    ),
    report.element,
    h(
      'section',
      { class: 'card flush', 'aria-labelledby': 'runs-title' },
      h('h2', { id: 'runs-title' }, 'Runs'),
      tableBox,
      h('div', { class: 'after' }, older),
    ),
  );

  const showMore = async () => {
    rows += moreRows;
    if (rows > runs.sorted().length && runs.hasOlder()) await runs.loadOlder();
    drawRuns();
  };
  /** Those that the chart shows, newest first. */
  const inRange = () => {
    const begin = beginOf(range);
    return begin === undefined ? runs.sorted() : runs.sorted().filter(({ time }) => time >= begin);
  };
  let filling = false;
  /** Goes back to where the chosen time begins. */
  const fillRange = async () => {
    const missing = () => !runs.reaches(beginOf(range) ?? Number.POSITIVE_INFINITY);
    if (filling || !missing()) return;
    filling = true;
    try {
      while (missing() && main.contains(content)) {
        fill(missedText, `Loading… ${runs.sorted().length.toLocaleString('en')} runs so far.`);
        await runs.reachBack();
      }
    } finally {
      filling = false;
    }
    drawRuns();
  };

  const drawHead = () => {
    const status = statusOf(result, schedule);
    const name = result.name ?? null;
    document.title = `${name ?? id} · Cyclic Metrics`;
    fill(
      title,
      name === null ? h('h1', { class: 'id' }, id) : h('h1', {}, name, h('span', { class: 'small-id' }, id)),
      badge(status),
      schedule?.description && h('p', { class: 'soft' }, schedule.description),
    );
    const sorted = runs.sorted();
    const keys = keysOf(schedule, runs.keys());
    actions.update(
      schedule,
      sorted.some(({ status }) => status === 'ok'),
    );
    fill(facts, factsOf(/** @type {string} */ (keys[0]), result, sorted, schedule?.timezone ?? 'UTC'));
  };

  const drawRuns = () => {
    const sorted = runs.sorted();
    const keys = keysOf(schedule, runs.keys());
    const key = wanted !== null && keys.includes(wanted) ? wanted : /** @type {string} */ (keys[0]);
    const shown = inRange();
    const points = shown.map((run) => pointOf(run, key)).reverse();
    const reference = result.reference?.metrics[key] ?? null;
    chart.show(keys, {
      key,
      points,
      reference,
      thresholds: alerts ? thresholdsOf(alerts.rules, key, points, reference) : [],
      spans: alerts ? spansOf(alerts, key) : [],
    });
    metricsCard.hidden = Object.keys(result.metrics).length < 2;
    fill(
      metricsBox,
      metricsTable(
        (key) => addressOf({ metric: key }),
        keys.filter((key) => key in result.metrics),
        key,
        result,
      ),
    );
    segments.show(key, result.segments);
    chart.element.hidden = sorted.length === 0;
    fill(
      missedText,
      shown.length === 0 ? (sorted.length === 0 ? 'No run yet.' : 'No run in this time.') : wordsOf(shown),
    );
    fill(
      tableBox,
      sorted.length === 0
        ? h('div', { class: 'none' }, firstRun(id))
        : runsTable(key, sorted.slice(0, rows), schedule?.timezone ?? 'UTC'),
    );
    older.hidden = !runs.hasOlder() && rows >= sorted.length;
  };

  /** The newest result tells whether anything is new; only then is more asked for. */
  const poll = async () => {
    try {
      const answer = await request('GET', `results/${id}`, { etag });
      if (answer.status === 304) return;
      const [stored, rulesNow] = await Promise.all([
        request('GET', `schedule/${id}`).catch(orNothing),
        request('GET', `alerts/${id}`).catch(orNothing),
        runs.loadNewest(),
      ]);
      schedule = stored.body;
      alerts = rulesNow.body;
      result = answer.body;
      etag = answer.etag;
      content.hidden = false;
      problemBox.hidden = true;
      drawHead();
      panel.update(schedule);
      drawRuns();
      rules.update(alerts, schedule, result, keysOf(schedule, runs.keys()));
      report.update(result, schedule);
      act(fillRange);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (content.hidden) {
        problemBox.hidden = false;
        fill(
          problemBox,
          h(
            'p',
            {},
            error.errors.map(({ path, message }) => `${path} ${message}`).join('; ') || error.message,
          ),
          error.status === 404 && [h('p', {}, 'To schedule it:'), firstSchedule(id)],
        );
      }
      throw error;
    }
  };
  fill(title, h('h1', { class: 'id' }, id));
  fill(
    main,
    h('p', { class: 'back' }, h('a', { href: '#/' }, '← All models')),
    h('div', { class: 'head' }, title, actions.element),
    problemBox,
    content,
  );
  const polling = live(poll);
  polling.now();
  const choose = (/** @type {URLSearchParams} */ to) => {
    wanted = to.get('metric');
    range = rangeOf(to.get('range'));
    ranges.select.value = range;
    if (!result) return;
    drawRuns();
    act(fillRange);
  };
  ranges.select.value = range;
  return {
    update: choose,
    close: () => {
      polling.stop();
      chart.close();
    },
  };
};
