import { conditionOf } from './alerts.client.js';
import { h } from './dom.client.js';
import { relativeTime } from './format.client.js';
import { alertBadge } from './status.client.js';

const sources = /** @type {Record<string, string>} */ ({
  model: 'of this model',
  tag: 'of a tag',
  'built-in': 'of every model',
});

/** A model's rules, and how each stands. @param {any[]} rules @param {string} zone */
export const rulesTable = (rules, zone) =>
  h(
    'table',
    { class: 'plain', 'aria-labelledby': 'rules-title' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['Rule', 'State', 'Fires when', 'Since'].map((title) => h('th', { scope: 'col' }, title)),
      ),
    ),
    h(
      'tbody',
      {},
      rules.map(({ rule, definition, source, tag, state, since }) =>
        h(
          'tr',
          {},
          h(
            'th',
            { scope: 'row' },
            rule,
            h('span', { class: 'reason' }, tag === null ? sources[source] : `of the tag ${tag}`),
          ),
          h('td', {}, definition.enabled ? alertBadge({ state, severity: definition.severity }) : 'Off'),
          h('td', {}, conditionOf(rule, definition)),
          h('td', {}, relativeTime(since, zone)),
        ),
      ),
    ),
  );
