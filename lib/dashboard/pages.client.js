import { fill, h, keepFocus } from './dom.client.js';

/** @param {number} page @param {number} size @param {number} total */
export const pageText = (page, size, total) => {
  const first = (page - 1) * size;
  return total === 0
    ? 'No models'
    : `${(first + 1).toLocaleString('en')}–${Math.min(first + size, total).toLocaleString('en')} of ${total.toLocaleString('en')}`;
};

/** From page to page. @param {(page: number) => void} go */
export const pager = (go) => {
  const element = h('nav', { class: 'pages', 'aria-label': 'Pages' });
  return {
    element,
    /** @param {number} page @param {number} last */
    show: (page, last) => {
      const button = (/** @type {string} */ name, /** @type {string} */ text, /** @type {number} */ to) =>
        h(
          'button',
          {
            type: 'button',
            'data-page': name,
            'aria-disabled': to < 1 || to > last ? 'true' : undefined,
            onclick: () => {
              if (to < 1 || to > last) return;
              go(to);
              scrollTo(0, 0);
            },
          },
          text,
        );
      element.hidden = last === 1;
      keepFocus(element, 'data-page', () =>
        fill(
          element,
          button('first', 'First', page === 1 ? 0 : 1),
          button('previous', 'Previous', page - 1),
          h('span', {}, `Page ${page} of ${last}`),
          button('next', 'Next', page + 1),
          button('last', 'Last', page === last ? last + 1 : last),
        ),
      );
    },
  };
};
