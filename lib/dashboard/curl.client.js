import { h } from './dom.client.js';

/** Where the API is: beside this page. @param {string} path */
const urlOf = (path) =>
  new URL(path, location.href.split('#')[0]).href.replaceAll('%3C', '<').replaceAll('%3E', '>');

/**
 * A call for a terminal. The token is not in it, only its place.
 * @param {'POST' | 'PUT'} method
 * @param {string} path
 * @param {object} [body]
 */
export const curl = (method, path, body) => {
  const lines = [
    `curl -X ${method} ${urlOf(path)}`,
    sessionStorage.getItem('token') !== null && `-H "authorization: Bearer $TOKEN"`,
    `-H 'content-type: application/json'`,
    body && `-d '${JSON.stringify(body)}'`,
  ];
  return h('pre', { class: 'curl', tabindex: 0 }, h('code', {}, lines.filter(Boolean).join(' \\\n  ')));
};

/** What brings the first number of a model. @param {string} id */
export const firstRun = (id) => [
  h('p', {}, 'A run needs predictions with their true labels:'),
  curl('POST', `predictions/${id}`, { y_true: [1, 0, 1, 1], y_pred: [1, 0, 0, 1] }),
];

/** What schedules a model. @param {string} id */
export const firstSchedule = (id) =>
  curl('POST', 'schedule', { model_id: id, cron_expression: '*/5 * * * *' });
