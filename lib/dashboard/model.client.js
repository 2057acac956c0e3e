import { ApiProblem, request } from './api.client.js';
import { historyChart } from './chart.client.js';
import { confirm, fill, h, note } from './dom.client.js';
import { factsOf } from './facts.client.js';
import { cronWords, duration, exact, percent } from './format.client.js';
import { live } from './live.client.js';
import { runsTable } from './runs.client.js';
import { scheduleForm } from './scheduleForm.client.js';
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

/** @param {ApiProblem} problem */
const orNothing = (problem) => {
  if (problem.status === 404) return { body: undefined };
  throw problem;
};

/** One model. @param {HTMLElement} main @param {string} id */
export const showModel = (main, id) => {
  /** @type {Map<string, any>} */
  const runs = new Map();
  /** @type {string | null} */
  let before = null;
  /** @type {string | undefined} */
  let etag;
  /** @type {any} */
  let schedule;
  /** @type {any} */
  let result;
  let formOf = '';
  let rows = firstRows;

  const chart = historyChart();
  const title = h('div', { class: 'title' });
  const actions = h('div', { class: 'actions' });
  const facts = h('dl', { class: 'facts' });
  const missedText = h('p', { class: 'soft' });
  const scheduleBox = h('section', { class: 'card schedule', 'aria-labelledby': 'schedule-title' });
  const tableBox = h('div', {});
  const older = h('button', { type: 'button', onclick: () => act(showMore) }, 'Show older runs');
  const problemBox = h('div', { class: 'empty', hidden: true });
  const content = h(
    'div',
    { hidden: true },
    facts,
    h(
      'div',
      { class: 'columns' },
      h(
        'section',
        { class: 'card', 'aria-labelledby': 'history-title' },
        h('h2', { id: 'history-title' }, 'Accuracy'),
        chart.element,
        missedText,
      ),
      scheduleBox,
    ),
    h(
      'section',
      { class: 'card flush', 'aria-labelledby': 'runs-title' },
      h('h2', { id: 'runs-title' }, 'Runs'),
      tableBox,
      h('div', { class: 'after' }, older),
    ),
  );

  /** Does it, and says what was wrong. @param {() => Promise<void>} work */
  const act = async (work) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      note(error.message, 'error');
    }
  };
  /** Not twice at once. @param {(button: HTMLButtonElement) => Promise<void>} work */
  const button = (/** @type {string} */ text, /** @type {string} */ kind, work) => {
    const element = h(
      'button',
      {
        type: 'button',
        class: kind,
        onclick: async () => {
          if (element.getAttribute('aria-disabled')) return;
          element.setAttribute('aria-disabled', 'true');
          await act(() => work(element));
          element.removeAttribute('aria-disabled');
        },
      },
      text,
    );
    return element;
  };
  const refresh = async () => {
    etag = undefined;
    await polling.now();
  };

  const runNow = async () => {
    const { body } = await request('POST', `schedule/${id}/run`);
    note(
      body.accuracy === null ? `Ran: ${body.error ?? 'no data'}` : `Ran: accuracy ${percent(body.accuracy)}`,
    );
    await refresh();
  };
  const pauseOrResume = async () => {
    const { body } = await request('PATCH', `schedule/${id}`, { body: { enabled: !schedule.enabled } });
    note(body.enabled ? 'Resumed.' : 'Paused.');
    await refresh();
  };
  const remove = async () => {
    const sure = await confirm({
      title: 'Delete this schedule?',
      text: `Model ${id} will not run any more and leaves the overview. Its runs stay in the history.`,
      action: 'Delete schedule',
    });
    if (!sure) return;
    await request('DELETE', `schedule/${id}`);
    note('Deleted.');
    location.hash = '#/';
  };
  const save = async (/** @type {any} */ values) => {
    if (schedule) await request('PATCH', `schedule/${id}`, { body: values });
    else await request('POST', 'schedule', { body: { model_id: id, ...values } });
    note('Saved.');
    await refresh();
  };
  const showMore = async () => {
    rows += pageSize;
    if (rows > runs.size && before !== null) await loadOlder();
    drawRuns();
  };
  const loadOlder = async () => {
    const { body } = await request('GET', `results/${id}/history?limit=${pageSize}&before=${before}`);
    for (const run of body.items) runs.set(run.scheduled_time, run);
    before = body.next_before;
  };
  /** Puts the newest page before what is known; where they do not meet, what is known is forgotten: no gap is shown. */
  const takeNewest = (/** @type {{items: any[], next_before: string | null}} */ page) => {
    const newest = [...runs.keys()].sort().at(-1);
    if (newest === undefined || (page.next_before !== null && page.next_before > newest)) {
      runs.clear();
      before = page.next_before;
    }
    for (const run of page.items) runs.set(run.scheduled_time, run);
  };

  const drawHead = () => {
    const status = statusOf(result, schedule);
    fill(title, h('h1', { class: 'id' }, id), badge(status));
    const labels = schedule ? `${schedule.enabled}` : 'none';
    if (actions.dataset.of !== labels) {
      actions.dataset.of = labels;
      const hadFocus = actions.contains(document.activeElement);
      fill(
        actions,
        schedule && button('Run now', 'primary', runNow),
        schedule && button(schedule.enabled ? 'Pause' : 'Resume', '', pauseOrResume),
        schedule && button('Delete…', 'danger quiet', remove),
      );
      if (hadFocus) /** @type {any} */ (actions.children[1])?.focus();
    }
    fill(facts, factsOf(result, [...runs.values()].sort(newestFirst), schedule?.timezone ?? 'UTC'));
  };

  const drawRuns = () => {
    const sorted = [...runs.values()].sort(newestFirst);
    chart.show([...sorted].reverse());
    chart.element.hidden = sorted.length === 0;
    fill(missedText, sorted.length === 0 ? 'No run yet.' : missedWords(sorted));
    fill(
      tableBox,
      sorted.length === 0
        ? h('p', { class: 'none' }, 'No run yet.')
        : runsTable(sorted.slice(0, rows), schedule?.timezone ?? 'UTC'),
    );
    older.hidden = before === null && rows >= runs.size;
  };

  /** The form is made anew only when the schedule is another, so that typing is not lost. */
  const drawSchedule = () => {
    const now =
      JSON.stringify(
        schedule && [schedule.cron_expression, schedule.timezone, schedule.flexible_window_minutes],
      ) ?? 'none';
    if (now === formOf) return;
    formOf = now;
    const settings = schedule
      ? { model_id: id, cron_expression: schedule.cron_expression, timezone: schedule.timezone }
      : { model_id: id };
    const hadFocus = scheduleBox.contains(document.activeElement);
    fill(
      scheduleBox,
      h('h2', { id: 'schedule-title' }, 'Schedule'),
      schedule
        ? h(
            'p',
            { class: 'words now' },
            cronWords(schedule.cron_expression) ?? schedule.cron_expression,
            h('span', { class: 'soft' }, ` ${schedule.timezone}`),
            schedule.flexible_window_minutes > 0 &&
              h('span', { class: 'soft' }, `, starts up to ${schedule.flexible_window_minutes} min later`),
          )
        : h('p', {}, 'This model has no schedule.'),
      scheduleForm(settings, save, { text: schedule ? 'Save schedule' : 'Add schedule' }),
    );
    if (hadFocus) /** @type {any} */ (scheduleBox.querySelector('[type=submit]'))?.focus();
  };

  /** The newest result tells whether anything is new; only then is more asked for. */
  const poll = async () => {
    try {
      const answer = await request('GET', `results/${id}`, { etag });
      if (answer.status === 304) return;
      const [history, stored] = await Promise.all([
        request('GET', `results/${id}/history?limit=${pageSize}`),
        request('GET', `schedule/${id}`).catch(orNothing),
      ]);
      takeNewest(history.body);
      schedule = stored.body;
      result = answer.body;
      etag = answer.etag;
      content.hidden = false;
      problemBox.hidden = true;
      drawHead();
      drawSchedule();
      drawRuns();
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
    h('div', { class: 'head' }, title, actions),
    problemBox,
    content,
  );
  const polling = live(poll);
  polling.now();
  return {
    close: () => {
      polling.stop();
      chart.close();
    },
  };
};
