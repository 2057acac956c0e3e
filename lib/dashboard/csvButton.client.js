import { act } from './actions.client.js';
import { request } from './api.client.js';
import { joinCsv } from './csv.client.js';
import { h, note } from './dom.client.js';

/**
 * By requests of its own, as a link could not bear the token.
 * @param {string} path of the first page
 * @param {string} from a due time; older pages are not asked for
 */
async function* pagesOf(path, from) {
  const [list = ''] = path.split('?');
  for (let next = path; next !== ''; ) {
    const { body, link } = await request('GET', next, { text: true });
    yield body;
    const query = /^<(\?[^>]*)>; rel="next"/.exec(link ?? '')?.[1] ?? '';
    const before = new URLSearchParams(query).get('before');
    next = query && (before === null || before >= from) ? list + query : '';
  }
}

/** @param {string} text @param {string} name of the file */
const offer = (text, name) => {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};

/**
 * Downloads a list as CSV, all its pages in one file.
 * @param {() => {path: string, name: string, since?: number | undefined}} what since when, in seconds, it has rows
 */
export const csvButton = (what) => {
  const element = h(
    'button',
    {
      type: 'button',
      onclick: async () => {
        if (element.getAttribute('aria-disabled')) return;
        element.setAttribute('aria-disabled', 'true');
        await act(async () => {
          const { path, name, since } = what();
          const from = since === undefined ? '' : new Date(since * 1000).toISOString();
          /** @type {string[]} */
          const pages = [];
          for await (const page of pagesOf(path, from)) pages.push(page);
          offer(
            joinCsv(pages, (cellOf) => from === '' || cellOf('scheduled_time') >= from),
            name,
          );
          note(`${name} is in your downloads.`);
        });
        element.removeAttribute('aria-disabled');
      },
    },
    'CSV',
  );
  return element;
};
