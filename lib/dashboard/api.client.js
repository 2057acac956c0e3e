import { byId } from './dom.client.js';

/** @typedef {{path: string, message: string}} FieldError */

/** An answer that was an error, in the API's own words. */
export class ApiProblem extends Error {
  /** @param {number} status @param {string} detail @param {FieldError[]} [errors] */
  constructor(status, detail, errors = []) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

const key = 'token';
let declined = false;

/** @type {Promise<void> | undefined} */
let asking;

/** @param {string} why @returns {Promise<void>} */
const promptForToken = (why) =>
  new Promise((resolve) => {
    const dialog = /** @type {HTMLDialogElement} */ (byId('token-dialog'));
    const input = /** @type {HTMLInputElement} */ (byId('token-input'));
    const form = /** @type {HTMLFormElement} */ (dialog.querySelector('form'));
    byId('token-why').textContent = why;
    input.value = '';
    const end = () => {
      if (dialog.open) dialog.close();
      showTokenButton();
      resolve();
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      sessionStorage.setItem(key, input.value.trim());
      declined = false;
      end();
    };
    const decline = () => {
      declined = true;
      end();
    };
    /** @type {HTMLButtonElement} */ (dialog.querySelector('[value=cancel]')).onclick = decline;
    dialog.oncancel = decline;
    dialog.showModal();
  });

export const showTokenButton = () => {
  const button = byId('token');
  const held = sessionStorage.getItem(key) !== null;
  button.hidden = !held && !declined;
  button.textContent = declined ? 'Enter token' : 'Forget token';
  button.onclick = () => {
    sessionStorage.removeItem(key);
    location.reload();
  };
};

/** Asks once, however many requests were refused. @param {string} why */
const askForToken = async (why) => {
  asking ??= promptForToken(why).finally(() => {
    asking = undefined;
  });
  await asking;
};

/** @param {Response} response */
const toProblem = async (response) => {
  const body = await response.json().catch(() => ({}));
  const detail = body.detail ?? body.message ?? `${response.status} ${response.statusText}`;
  return new ApiProblem(response.status, detail, body.errors);
};

/** API Gateway's authorizer answers 403 for an unknown token, and no problem document. @param {Response} response */
const wantsToken = (response) =>
  response.status === 401 ||
  (response.status === 403 && !response.headers.get('content-type')?.startsWith('application/problem+json'));

/**
 * @param {'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} method
 * @param {string} path relative to the page
 * @param {{body?: unknown, etag?: string | undefined, signal?: AbortSignal, text?: boolean}} [options] text: not JSON
 * @returns {Promise<{status: number, etag: string | undefined, link: string | undefined, body: any}>}
 * @throws ApiProblem; status 0 when the service cannot be reached
 */
export const request = async (method, path, { body, etag, signal, text } = {}) => {
  for (;;) {
    await asking;
    if (declined) throw new ApiProblem(401, 'This service asks for a token.');
    const token = sessionStorage.getItem(key);
    const response = await fetch(path, {
      method,
      cache: 'no-store',
      ...(signal && { signal }),
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(etag && { 'if-none-match': etag }),
        ...(method !== 'GET' && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((error) => {
      if (signal?.aborted) throw error;
      throw new ApiProblem(0, 'The service does not answer.');
    });
    if (response.ok || response.status === 304) {
      const read = response.status === 200 || response.status === 201;
      return {
        status: response.status,
        etag: response.headers.get('etag') ?? undefined,
        link: response.headers.get('link') ?? undefined,
        body: read ? await (text ? response.text() : response.json()) : undefined,
      };
    }
    if (!wantsToken(response)) throw await toProblem(response);
    if (token === sessionStorage.getItem(key)) {
      await askForToken(
        token === null
          ? 'Paste one that may read; to change schedules, one that may write.'
          : 'The service does not know this token.',
      );
    }
  }
};
