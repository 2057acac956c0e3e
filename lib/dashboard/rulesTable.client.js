import { conditionOf } from './alerts.client.js';
import { h } from './dom.client.js';
import { relativeTime } from './format.client.js';
import { alertBadge } from './status.client.js';

const sources = /** @type {Record<string, string>} */ ({
  model: 'of this model',
  tag: 'of a tag',
  'built-in': 'of every model',
});

/** @param {any} rule @param {{change: (rule: any) => void, remove: (rule: any) => void}} actions */
const buttonsOf = (rule, { change, remove }) => {
  const button = (/** @type {string} */ text, /** @type {(rule: any) => void} */ work) =>
    h(
      'button',
      { type: 'button', class: 'quiet', 'aria-label': `${text} ${rule.rule}`, onclick: () => work(rule) },
      text,
    );
  return [button('Change', change), rule.source === 'model' && button('Delete', remove)];
};

/**
 * A model's rules, and how each stands.
 * @param {any[]} rules
 * @param {string} zone
 * @param {{change: (rule: any) => void, remove: (rule: any) => void}} actions
 */
export const rulesTable = (rules, zone, actions) =>
  h(
    'table',
    { class: 'plain stacked rules', 'aria-labelledby': 'rules-title' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['Rule', 'State', 'Fires when', 'Since'].map((title) => h('th', { scope: 'col' }, title)),
        h('th', { scope: 'col' }, h('span', { class: 'hidden' }, 'Actions')),
      ),
    ),
    h(
      'tbody',
      {},
      rules.map((one) => {
        const { rule, definition, source, tag, state, since } = one;
        return h(
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
          h('td', { class: 'row-actions' }, buttonsOf(one, actions)),
        );
      }),
    ),
  );
