import { showAlerts } from './alerts.client.js';
import { showTokenButton } from './api.client.js';
import { byId } from './dom.client.js';
import { tick } from './format.client.js';
import { showModel } from './model.client.js';
import { showOverview } from './overview.client.js';

const main = byId('main');

/** @type {{name: string, update?: (search: URLSearchParams) => void, close: () => void} | undefined} */
let view;

const modelPath = /^\/models\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

const route = () => {
  const [path = '/', search = ''] = location.hash.slice(1).split('?');
  const model = modelPath.exec(path)?.[1];
  const name = model ?? (path === '/alerts' ? 'alerts' : '');
  const params = new URLSearchParams(search);
  if (view?.name === name) {
    view.update?.(params);
    return;
  }
  const first = view === undefined;
  view?.close();
  document.title =
    name === 'alerts' ? 'Alerts · Cyclic Metrics' : model ? `${model} · Cyclic Metrics` : 'Cyclic Metrics';
  if (model) view = { name, ...showModel(main, model.toLowerCase(), params) };
  else if (name === 'alerts') view = { name, ...showAlerts(main) };
  else view = { name, ...showOverview(main, params) };
  if (first) return;
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
};

addEventListener('hashchange', route);
setInterval(() => {
  if (!document.hidden) tick();
}, 1000);
document.addEventListener('visibilitychange', tick);
showTokenButton();
route();
