import { ApiProblem } from './api.client.js';
import { byId, fill, h } from './dom.client.js';

const everyMs = 5000;
const slowestMs = 60_000;

/** @param {'on' | 'off'} state @param {string} text */
const tell = (state, text) => {
  const box = byId('live');
  if (box.textContent === text) return;
  box.className = `live ${state}`;
  fill(box, h('span', { class: 'dot', 'aria-hidden': 'true' }), text);
};

const clock = () => new Date().toLocaleTimeString('en-GB');

/**
 * Polls every five seconds, one request at a time, at growing intervals while it fails, and not at all in a hidden tab.
 * @param {() => Promise<void>} poll
 * @returns {{now: () => Promise<void>, stop: () => void}}
 */
export const live = (poll) => {
  let stopped = false;
  let failures = 0;
  let since = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<void> | undefined} */
  let running;

  const once = async () => {
    try {
      await poll();
      failures = 0;
      if (!stopped) tell('on', 'Live');
    } catch (error) {
      if (stopped) return;
      if (!(error instanceof ApiProblem)) throw error;
      if (failures++ === 0) since = clock();
      tell('off', `Not live since ${since}: ${error.message}`);
    }
  };
  /** Polls once more, after a poll under way, which may have been asked too early to know what just changed. */
  const now = async () => {
    clearTimeout(timer);
    const before = running;
    await before;
    if (running === undefined || running === before) {
      running = once().finally(() => {
        running = undefined;
      });
    }
    await running;
    clearTimeout(timer);
    const waitMs = Math.min(everyMs * 2 ** Math.max(0, failures - 1), slowestMs);
    if (!stopped && !document.hidden) timer = setTimeout(now, waitMs);
  };
  const onVisibility = () => {
    if (document.hidden) clearTimeout(timer);
    else now();
  };
  document.addEventListener('visibilitychange', onVisibility);
  return {
    now,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    },
  };
};
