import { fill, h, keepFocus } from './dom.client.js';
import { badge, order } from './status.client.js';

/** A chip for each status with its count. @param {(status: string) => void} choose */
export const statusFilters = (choose) => {
  const element = h('div', { class: 'filters', role: 'group', 'aria-label': 'Status' });
  return {
    element,
    /** @param {Record<string, number>} counts @param {string} chosen */
    show: (counts, chosen) => {
      const filter = (/** @type {string} */ status, /** @type {any} */ label, /** @type {number} */ count) =>
        h(
          'button',
          {
            type: 'button',
            'aria-pressed': String(chosen === status),
            'data-status': status,
            class: count === 0 ? 'zero' : undefined,
            onclick: () => choose(status),
          },
          label,
          h('span', { class: 'count' }, count.toLocaleString('en')),
        );
      const all = order.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
      keepFocus(element, 'data-status', () =>
        fill(
          element,
          filter('', 'All', all),
          order.map((status) => filter(status, badge(status), counts[status] ?? 0)),
        ),
      );
    },
  };
};
