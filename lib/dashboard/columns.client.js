import { h } from './dom.client.js';

/**
 * Of the overview. One that is `extra` is shown only to those who choose it.
 * @type {{title: string, sort?: string, first?: 'asc' | 'desc', number?: boolean, hint?: string, extra?: boolean}[]}
 */
export const columns = [
  { title: 'Model', sort: 'model_id' },
  { title: 'Status', sort: 'status' },
  { title: 'Metric', sort: 'value', number: true, hint: 'The first metric of each model' },
  {
    title: 'Change',
    sort: 'change',
    number: true,
    hint: 'Of the metric, against the run over the data before; pp: percentage points',
  },
  { title: 'Last 30 runs' },
  { title: 'Samples', number: true, hint: 'Of the newest run', extra: true },
  { title: 'Data from', extra: true },
  { title: 'Last run', sort: 'last_run', first: 'desc' },
  { title: 'Next run', sort: 'next_run' },
  { title: 'Schedule' },
];

const key = 'columns';
const usual = columns.flatMap(({ title, extra }) => (extra ? [] : title));

/** @returns {string[]} */
const stored = () => {
  try {
    const titles = JSON.parse(localStorage.getItem(key) ?? '');
    return Array.isArray(titles) ? titles : usual;
  } catch {
    return usual; // nothing is stored, or nothing may be
  }
};

/** @param {string[]} titles */
const store = (titles) => {
  try {
    if (titles.join() === usual.join()) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(titles));
  } catch {
    // It holds until the page is left.
  }
};

/** @param {string} title */
const hidingClass = (title) => `without-${title.toLowerCase().replaceAll(' ', '-')}`;

/** Which columns a table shows, chosen here and kept by the browser. @param {HTMLElement} table */
export const columnChooser = (table) => {
  let shown = stored();
  const apply = () => {
    for (const { title } of columns.slice(1)) {
      table.classList.toggle(hidingClass(title), !shown.includes(title));
    }
    table.classList.toggle('many', shown.length > usual.length);
  };
  const box = (/** @type {string} */ title) => {
    const input = h('input', {
      type: 'checkbox',
      checked: shown.includes(title),
      onchange: () => {
        shown = columns.flatMap((column) =>
          (column.title === title ? input.checked : shown.includes(column.title)) ? column.title : [],
        );
        store(shown);
        apply();
      },
    });
    return h('label', { class: 'check' }, input, title);
  };
  const menu = h(
    'details',
    {
      class: 'menu',
      onkeydown: (/** @type {KeyboardEvent} */ { key }) => {
        if (key !== 'Escape') return;
        menu.open = false;
        menu.querySelector('summary')?.focus();
      },
      onfocusout: (/** @type {FocusEvent} */ { relatedTarget }) => {
        if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) menu.open = false;
      },
    },
    h('summary', {}, 'Columns'),
    h(
      'div',
      { class: 'menu-box', role: 'group', 'aria-label': 'Columns' },
      columns.slice(1).map(({ title }) => box(title)),
    ),
  );
  apply();
  return menu;
};
