// What the script of a page tries that somebody else made. It is text to the tests, and runs in Chromium.

/** Everything that `fetch` can send. Resolves to what could be read of the answers. */
globalThis.attack = async (service, model, planted, body) => {
  const headers = { 'content-type': 'application/json' };
  const mode = 'no-cors';
  const tries = [
    ['/schedule', {}],
    [`/results/${model}`, { mode }],
    ['/openapi.json', { credentials: 'include' }],
    ['/schedule', { method: 'POST', body, headers }],
    ['/schedule', { method: 'POST', body, mode }],
    ['/schedule', { method: 'POST', body: new Blob([body]), mode }],
    ['/schedule', { method: 'POST', body: new URLSearchParams({ [body]: '' }), mode }],
    [`/schedule/${model}/run`, { method: 'POST', mode }],
    [`/schedule/${model}/run`, { method: 'POST', headers }],
    [`/schedule/${model}`, { method: 'PATCH', body: '{"enabled":false}', headers }],
    [`/schedule/${model}`, { method: 'DELETE' }],
    [`/predictions/${planted}`, { method: 'POST', body: '{"y_true":[1],"y_pred":[1]}', mode }],
  ];
  navigator.sendBeacon(`${service}/schedule`, body);
  const read = await Promise.all(
    tries.map(([path, init]) =>
      fetch(service + path, init)
        .then((answer) => (answer.ok ? answer.text() : ''))
        .catch(() => ''),
    ),
  );
  return read.filter((text) => text !== '');
};

/** A form that sends itself: a navigation, with JSON made of a field's name and value. */
globalThis.submitForm = (service, body) => {
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', enctype: 'text/plain', action: `${service}/schedule` });
  const field = document.createElement('input');
  field.name = `${body.slice(0, -1)},"name":"`;
  field.value = '"}';
  form.append(field);
  document.body.append(form);
  form.submit();
};

/** Resolves to what a frame shows of an address, as far as the page can look into it. */
globalThis.frame = async (url) => {
  const frame = Object.assign(document.createElement('iframe'), { src: url });
  document.body.append(frame);
  await new Promise((done) => frame.addEventListener('load', done));
  return frame.contentDocument?.body.textContent ?? '';
};

/** Whether an element of this kind loads an address. */
globalThis.loads = (name, src) =>
  new Promise((done) => {
    const element = document.createElement(name);
    element.onload = () => done(true);
    element.onerror = () => done(false);
    element.src = src;
    document.body.append(element);
  });

globalThis.post = (url, body) =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    .then(({ status }) => status)
    .catch(() => 'refused');
