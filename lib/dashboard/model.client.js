import { act, modelActions } from './actions.client.js';
import { ApiProblem, request } from './api.client.js';
import { historyChart } from './chart.client.js';
import { fill, h, note } from './dom.client.js';
import { factsOf } from './facts.client.js';
import { duration, exact } from './format.client.js';
import { live } from './live.client.js';
import { pointOf } from './marks.client.js';
import { keysOf } from './metrics.client.js';
import { metricsTable } from './metricsTable.client.js';
import { reportSection } from './report.client.js';
import { rulesPanel } from './rulesPanel.client.js';
import { runsTable } from './runs.client.js';
import { schedulePanel } from './schedulePanel.client.js';
import { segmentsTable } from './segments.client.js';
import { badge } from './status.client.js';

const pageSize = 100;
const firstRows = 25;

/** @param {any} result @param {any} schedule @returns {import('./status.client.js').Status} */
const statusOf = (result, schedule) => {
  if (schedule && !schedule.enabled) return 'paused';
  return result.stale ? 'stale' : result.status;
};

/** @param {{scheduled_time: string}} a @param {{scheduled_time: string}} b */
const newestFirst = (a, b) => (a.scheduled_time < b.scheduled_time ? 1 : -1);

/** How many of these runs, newest first, were missed. @param {any[]} runs */
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

/** A card with a table, or nothing. @param {string} name @param {string} title */
const plainCard = (name, title) => {
  const box = h('div', { class: 'plain-box', tabindex: '0', role: 'group', 'aria-label': title });
  const element = h(
    'section',
    { class: 'card', 'aria-labelledby': `${name}-title`, hidden: true },
    h('h2', { id: `${name}-title` }, title),
    box,
  );
  return {
    element,
    show: (/** @type {HTMLElement | false | undefined} */ table) => {
      element.hidden = !table;
      fill(box, table);
    },
  };
};

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
  /** @type {Map<string, any>} */
  const runs = new Map();
  /** The same, newest first. @type {any[]} */
  let sorted = [];
  /** @type {string | null} */
  let before = null;
  /** @type {string | undefined} */
  let etag;
  /** @type {any} */
  let schedule;
  /** @type {any} */
  let result;
  let rows = firstRows;
  let wanted = search.get('metric');

  const chart = historyChart((key) => {
    history.replaceState(null, '', `#/models/${id}?${new URLSearchParams({ metric: key })}`);
    choose(key);
  });
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
  const segmentsCard = plainCard('segments', 'Segments, the worst first');
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
          h('h2', { id: 'history-title' }, 'History'),
          chart.element,
          missedText,
        ),
        metricsCard,
        segmentsCard.element,
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
    rows += pageSize;
    if (rows > runs.size && before !== null) await loadOlder();
    drawRuns();
  };
  const keep = (/** @type {any[]} */ items) => {
    for (const run of items) runs.set(run.scheduled_time, run);
    sorted = [...runs.values()].sort(newestFirst);
  };
  const loadOlder = async () => {
    const { body } = await request('GET', `results/${id}/history?limit=${pageSize}&before=${before}`);
    keep(body.items);
    before = body.next_before;
  };
  /** Puts the newest page before what is known; where they do not meet, what is known is forgotten: no gap is shown. */
  const takeNewest = (/** @type {{items: any[], next_before: string | null}} */ page) => {
    const newest = sorted[0]?.scheduled_time;
    if (newest === undefined || (page.next_before !== null && page.next_before > newest)) {
      runs.clear();
      before = page.next_before;
    }
    keep(page.items);
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
    const keys = keysOf(schedule, sorted);
    actions.update(
      schedule,
      sorted.some(({ status }) => status === 'ok'),
    );
    fill(facts, factsOf(/** @type {string} */ (keys[0]), result, sorted, schedule?.timezone ?? 'UTC'));
  };

  const drawRuns = () => {
    const keys = keysOf(schedule, sorted);
    const key = wanted !== null && keys.includes(wanted) ? wanted : /** @type {string} */ (keys[0]);
    const points = sorted.map((run) => pointOf(run, key)).reverse();
    chart.show(keys, { key, points, reference: result.reference?.metrics[key] ?? null });
    metricsCard.hidden = Object.keys(result.metrics).length < 2;
    fill(
      metricsBox,
      metricsTable(
        id,
        keys.filter((key) => key in result.metrics),
        key,
        result,
      ),
    );
    const { segments } = result;
    segmentsCard.show(segments.length > 0 && segmentsTable(key, segments));
    chart.element.hidden = sorted.length === 0;
    fill(missedText, sorted.length === 0 ? 'No run yet.' : missedWords(sorted));
    fill(
      tableBox,
      sorted.length === 0
        ? h('p', { class: 'none' }, 'No run yet.')
        : runsTable(key, sorted.slice(0, rows), schedule?.timezone ?? 'UTC'),
    );
    older.hidden = before === null && rows >= runs.size;
  };

  /** The newest result tells whether anything is new; only then is more asked for. */
  const poll = async () => {
    try {
      const answer = await request('GET', `results/${id}`, { etag });
      if (answer.status === 304) return;
      const [history, stored, alerts] = await Promise.all([
        request('GET', `results/${id}/history?limit=${pageSize}`),
        request('GET', `schedule/${id}`).catch(orNothing),
        request('GET', `alerts/${id}`).catch(orNothing),
      ]);
      takeNewest(history.body);
      schedule = stored.body;
      result = answer.body;
      etag = answer.etag;
      content.hidden = false;
      problemBox.hidden = true;
      drawHead();
      panel.update(schedule);
      drawRuns();
      rules.update(alerts.body, schedule, result, keysOf(schedule, sorted));
      report.update(result, schedule);
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
  const choose = (/** @type {string | null} */ key) => {
    wanted = key;
    if (result) drawRuns();
  };
  return {
    update: (to) => choose(to.get('metric')),
    close: () => {
      polling.stop();
      chart.close();
    },
  };
};
