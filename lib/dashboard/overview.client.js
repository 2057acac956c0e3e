import { ApiProblem, request } from './api.client.js';
import { addressOf, choiceOf, pathOf } from './choice.client.js';
import { fill, h, newId } from './dom.client.js';
import { live } from './live.client.js';
import { rowKeeper } from './rows.client.js';
import { openScheduleDialog } from './scheduleForm.client.js';
import { badge, order as statusOrder } from './status.client.js';

const columns = /** @type {const} */ ([
  { title: 'Model', sort: 'model_id', first: 'asc' },
  { title: 'Status', sort: 'status', first: 'asc' },
  {
    title: 'Metric',
    sort: 'value',
    first: 'asc',
    number: true,
    hint: 'The first metric of each model',
  },
  {
    title: 'Change',
    sort: 'change',
    first: 'asc',
    number: true,
    hint: 'Of the metric, against the run over the data before; pp: percentage points',
  },
  { title: 'Last 30 runs' },
  { title: 'Last run', sort: 'last_run', first: 'desc' },
  { title: 'Next run', sort: 'next_run', first: 'asc' },
  { title: 'Schedule' },
]);

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
  const filters = h('div', { class: 'filters', role: 'group', 'aria-label': 'Status' });
  const body = h('tbody', { role: 'rowgroup' });
  const headers = columns.map((column) => {
    const sort = 'sort' in column ? column.sort : undefined;
    const click = () => {
      if (sort === undefined) return;
      const again = choice.sort === sort;
      go({
        sort,
        order: again ? (choice.order === 'asc' ? 'desc' : 'asc') : 'first' in column ? column.first : 'asc',
      });
    };
    return h(
      'th',
      {
        role: 'columnheader',
        scope: 'col',
        'data-sort': sort,
        class: 'number' in column ? 'number' : '',
        title: 'hint' in column ? column.hint : undefined,
      },
      sort ? h('button', { type: 'button', class: 'sort', onclick: click }, column.title) : column.title,
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
  const pages = h('nav', { class: 'pages', 'aria-label': 'Pages' });
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
    columns.flatMap((column) =>
      'sort' in column
        ? ['asc', 'desc'].map((order) =>
            h(
              'option',
              { value: `${column.sort} ${order}` },
              `${column.title} ${order === 'asc' ? '↑' : '↓'}`,
            ),
          )
        : [],
    ),
  );

  const drawFilters = (/** @type {any} */ counts) => {
    const all = statusOrder.reduce((sum, status) => sum + counts[status], 0);
    const focused = document.activeElement?.getAttribute('data-status');
    const filter = (/** @type {string} */ status, /** @type {any} */ label, /** @type {number} */ count) =>
      h(
        'button',
        {
          type: 'button',
          'aria-pressed': String(choice.status === status),
          'data-status': status,
          class: count === 0 ? 'zero' : undefined,
          onclick: () => go({ status }),
        },
        label,
        h('span', { class: 'count' }, count.toLocaleString('en')),
      );
    fill(
      filters,
      filter('', 'All', all),
      statusOrder.map((status) => filter(status, badge(status), counts[status])),
    );
    if (focused !== null && focused !== undefined) {
      /** @type {any} */ (filters.querySelector(`[data-status="${focused}"]`))?.focus();
    }
  };

  const drawPages = (/** @type {number} */ total) => {
    const [page, size] = [Number(choice.page), Number(choice.size)];
    const last = Math.max(1, Math.ceil(total / size));
    const first = (page - 1) * size;
    fill(
      summary,
      total === 0
        ? 'No models'
        : `${(first + 1).toLocaleString('en')}–${Math.min(first + size, total).toLocaleString('en')} of ${total.toLocaleString('en')}`,
    );
    const focused = document.activeElement?.getAttribute('data-page');
    const button = (/** @type {string} */ name, /** @type {string} */ text, /** @type {number} */ to) =>
      h(
        'button',
        {
          type: 'button',
          'data-page': name,
          'aria-disabled': to < 1 || to > last ? 'true' : undefined,
          onclick: () => {
            if (to < 1 || to > last) return;
            go({ page: String(to) });
            scrollTo(0, 0);
          },
        },
        text,
      );
    pages.hidden = last === 1;
    fill(
      pages,
      button('first', 'First', page === 1 ? 0 : 1),
      button('previous', 'Previous', page - 1),
      h('span', {}, `Page ${page} of ${last}`),
      button('next', 'Next', page + 1),
      button('last', 'Last', page === last ? last + 1 : last),
    );
    if (focused) /** @type {any} */ (pages.querySelector(`[data-page="${focused}"]`))?.focus();
  };

  const draw = (/** @type {any} */ { items, total, counts }) => {
    const outside = items.length === 0 && total > 0;
    if (outside) {
      go({ page: String(Math.ceil(total / Number(choice.size))) }, true);
      return;
    }
    drawFilters(counts);
    keepRows(body, items);
    drawPages(total);
    table.hidden = items.length === 0;
    empty.hidden = items.length > 0;
    const anything = choice.q || choice.tag || choice.status;
    fill(
      empty,
      h('p', {}, anything ? 'No model fits.' : 'No model is scheduled yet.'),
      anything
        ? h(
            'button',
            {
              type: 'button',
              onclick: () => {
                searchField.value = '';
                go({ q: '', tag: '', status: '' });
              },
            },
            'Show all',
          )
        : h('button', { type: 'button', class: 'primary', onclick: openScheduleDialog }, 'Add a schedule'),
    );
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
      h('button', { type: 'button', class: 'primary', onclick: openScheduleDialog }, 'Add a schedule'),
    ),
    h(
      'div',
      { class: 'tools' },
      filters,
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
    pages,
  );
  update(search);
  return { update, close: polling.stop };
};
