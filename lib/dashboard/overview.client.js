import { ApiProblem, request } from './api.client.js';
import { addressOf, choiceOf, pathOf } from './choice.client.js';
import { columnChooser, columns } from './columns.client.js';
import { csvButton } from './csvButton.client.js';
import { firstRun, firstSchedule } from './curl.client.js';
import { fill, h, newId } from './dom.client.js';
import { statusFilters } from './filters.client.js';
import { live } from './live.client.js';
import { pager, pageText } from './pages.client.js';
import { rowKeeper } from './rows.client.js';
import { openScheduleDialog } from './scheduleForm.client.js';

const exampleId = '550e8400-e29b-41d4-a716-446655440000';

/**
 * All models. @param {HTMLElement} main @param {URLSearchParams} search
 * @returns {{update: (search: URLSearchParams) => void, close: () => void}}
 */
export const showOverview = (main, search) => {
  let choice = choiceOf(search);
  /** @type {{path: string, etag: string | undefined} | undefined} */
  let shown;
  const keepRows = rowKeeper();

  const go = (
    /** @type {Partial<import('./choice.client.js').Choice>} */ changes,
    /** @type {boolean} */ replace = false,
  ) => {
    const address = addressOf({ ...choice, page: '1', ...changes });
    if (replace) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
    update(new URLSearchParams(address.split('?')[1]));
  };

  const searchId = newId();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  const searchField = h('input', {
    id: searchId,
    type: 'search',
    placeholder: 'Search by name or model id',
    maxlength: 100,
    spellcheck: 'false',
    autocomplete: 'off',
    oninput: () => {
      clearTimeout(typing);
      typing = setTimeout(() => go({ q: searchField.value.trim() }, true), 250);
    },
  });
  const tagBox = h('div', { class: 'tags' });
  const filters = statusFilters((status) => go({ status }));
  const body = h('tbody', { role: 'rowgroup' });
  const headers = columns.map(({ title, sort, first = 'asc', number, hint }) => {
    const click = () => {
      if (sort === undefined) return;
      const again = choice.sort === sort;
      go({
        sort,
        order: again ? (choice.order === 'asc' ? 'desc' : 'asc') : first,
      });
    };
    return h(
      'th',
      {
        role: 'columnheader',
        scope: 'col',
        'data-sort': sort,
        'data-label': title,
        class: number ? 'number' : '',
        title: hint,
      },
      sort ? h('button', { type: 'button', class: 'sort', onclick: click }, title) : title,
    );
  });
  const table = h(
    'table',
    { class: 'models', role: 'table' },
    h('caption', { class: 'hidden' }, 'Models'),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, headers)),
    body,
  );
  const empty = h('div', { class: 'empty', hidden: true });
  const summary = h('p', { class: 'summary', role: 'status' });
  const pages = pager((page) => go({ page: String(page) }));
  const csv = csvButton(() => ({
    path: `${pathOf({ ...choice, page: '1', size: '100' })}&format=csv`,
    name: 'models.csv',
  }));
  const sortId = newId();
  const sortField = h(
    'select',
    {
      id: sortId,
      onchange: () => {
        const [sort = '', order = ''] = sortField.value.split(' ');
        go({ sort, order });
      },
    },
    columns.flatMap(({ title, sort }) =>
      sort
        ? ['asc', 'desc'].map((order) =>
            h('option', { value: `${sort} ${order}` }, `${title} ${order === 'asc' ? '↑' : '↓'}`),
          )
        : [],
    ),
  );

  /** Of what is searched for, or of all: then nothing is scheduled yet. @param {boolean} anything */
  const nothing = (anything) =>
    anything
      ? [
          h('p', {}, 'No model fits.'),
          h(
            'button',
            {
              type: 'button',
              onclick: () => {
                searchField.value = '';
                go({ q: '', tag: '', status: '' });
              },
            },
            'Show all',
          ),
        ]
      : [
          h('p', {}, 'No model is scheduled yet. The first one, every five minutes:'),
          firstSchedule(exampleId),
          ...firstRun(exampleId),
        ];

  const draw = (/** @type {any} */ { items, total, counts }) => {
    const outside = items.length === 0 && total > 0;
    if (outside) {
      go({ page: String(Math.ceil(total / Number(choice.size))) }, true);
      return;
    }
    filters.show(counts, choice.status);
    keepRows(body, items);
    const [page, size] = [Number(choice.page), Number(choice.size)];
    fill(summary, pageText(page, size, total));
    pages.show(page, Math.max(1, Math.ceil(total / size)));
    table.hidden = items.length === 0;
    empty.hidden = items.length > 0;
    fill(empty, nothing(Boolean(choice.q || choice.tag || choice.status)));
  };

  const fail = (/** @type {ApiProblem} */ problem) => {
    const details = problem.errors.map(({ message }) => message).join('; ');
    fill(summary, h('span', { class: 'field-error' }, details || problem.message));
    searchField.setAttribute('aria-invalid', String(problem.errors.some(({ path }) => path === 'q')));
    if (shown === undefined && problem.errors.length === 0) {
      table.hidden = true;
      empty.hidden = false;
      fill(
        empty,
        h('p', {}, problem.message),
        h('button', { type: 'button', onclick: () => polling.now() }, 'Try again'),
      );
    }
  };

  const poll = async () => {
    const path = pathOf(choice);
    const etag = shown?.path === path ? shown.etag : undefined;
    try {
      const answer = await request('GET', path, { etag });
      if (path !== pathOf(choice)) return await poll();
      searchField.removeAttribute('aria-invalid');
      if (answer.status === 304) return;
      shown = { path, etag: answer.etag };
      draw(answer.body);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      fail(error);
      if (error.status !== 400) throw error;
    }
  };
  const polling = live(poll);

  const update = (/** @type {URLSearchParams} */ to) => {
    choice = choiceOf(to);
    if (document.activeElement !== searchField) searchField.value = choice.q;
    sortField.value = `${choice.sort} ${choice.order}`;
    fill(
      tagBox,
      choice.tag &&
        h(
          'button',
          { type: 'button', onclick: () => go({ tag: '' }) },
          `Tag ${choice.tag}`,
          h('span', { 'aria-hidden': 'true' }, ' ✕'),
          h('span', { class: 'hidden' }, ', show all'),
        ),
    );
    for (const header of headers) {
      const sorted = header.getAttribute('data-sort') === choice.sort;
      if (sorted) header.setAttribute('aria-sort', choice.order === 'asc' ? 'ascending' : 'descending');
      else header.removeAttribute('aria-sort');
    }
    polling.now();
  };

  fill(
    main,
    h(
      'div',
      { class: 'head' },
      h('h1', {}, 'Models'),
      h(
        'div',
        { class: 'actions' },
        columnChooser(table),
        csv,
        h('button', { type: 'button', class: 'primary', onclick: openScheduleDialog }, 'Add a schedule'),
      ),
    ),
    h(
      'div',
      { class: 'tools' },
      filters.element,
      h(
        'div',
        { class: 'field' },
        h('label', { for: searchId, class: 'hidden' }, 'Search by name or model id'),
        searchField,
      ),
      tagBox,
      h('div', { class: 'field narrow-only' }, h('label', { for: sortId }, 'Sort by'), sortField),
      summary,
    ),
    h('div', { class: 'card flush' }, table, empty),
    pages.element,
  );
  update(search);
  return { update, close: polling.stop };
};
