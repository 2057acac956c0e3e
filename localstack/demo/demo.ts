import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { type DemoModel, models } from './models';
import { numbersOf } from './samples';

const historyHours = 168;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const labelDelayMs = 6 * hourMs;

export interface DemoOptions {
  url: string;
  /** May write; needed where the service asks for tokens. */
  token: string | undefined;
  /** Runs `watch` to its end: it does the backfills. */
  watch: () => Promise<unknown>;
}

/** @throws Error with what the service says */
const apiOf = ({ url, token }: DemoOptions) => {
  const send = async (method: string, path: string, body?: unknown, type = 'application/json') => {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': type, ...(token && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  const lines = (path: string, of: object[]) =>
    of.length > 0 &&
    send('POST', path, of.map((line) => JSON.stringify(line)).join('\n'), 'application/x-ndjson');
  return { send, lines };
};

type Api = ReturnType<typeof apiOf>;

const hoursBefore = (now: number, at: number) => Math.max(0, (now - at) / hourMs);

/** Stores the row that came in at a time. */
const sendRow = (
  { send }: Api,
  { schedule, rowSize = 0, sample, quality, brokenFor = 0 }: DemoModel,
  at: number,
  now: number,
) => {
  const ago = hoursBefore(now, at);
  const samples = Array.from({ length: rowSize }, (_, index) =>
    sample(`${schedule.model_id} ${at} ${index}`, quality(ago)),
  );
  const y_pred = samples.map((it) => it.y_pred);
  if (ago < brokenFor) y_pred.pop();
  const scores = samples.flatMap((it) => it.y_score ?? []);
  return send('POST', `/predictions/${schedule.model_id}`, {
    y_true: samples.map((it) => it.y_true),
    y_pred,
    ...(scores.length > 0 && y_pred.length === scores.length && { y_score: scores }),
    timestamp: new Date(at).toISOString(),
  });
};

const countries = ['DE', 'FR', 'PL', 'BR'];

/** Stores a prediction for each of these minutes, and the labels that come in by then. */
const sendPredictions = async (
  { lines }: Api,
  { schedule, sample, quality }: DemoModel,
  minutes: number[],
  labelled: number[],
  now: number,
) => {
  const made = (at: number) => {
    const seed = `${schedule.model_id} ${at}`;
    const [place, late] = numbersOf(`${seed} where`);
    const country = countries[Math.floor(place * countries.length)];
    const worse = country === 'BR' ? 0.12 : 0;
    return { id: String(at), country, late, ...sample(seed, quality(hoursBefore(now, at)) - worse) };
  };
  await lines(
    `/predictions/${schedule.model_id}`,
    minutes.map((at) => {
      const { id, country, y_pred, y_score } = made(at);
      return { id, y_pred, y_score, country, timestamp: new Date(at).toISOString() };
    }),
  );
  await lines(
    `/labels/${schedule.model_id}`,
    labelled.flatMap((at) => {
      const { id, y_true, late } = made(at);
      return late < 0.1 ? [] : { id, y_true, timestamp: new Date(at + labelDelayMs).toISOString() };
    }),
  );
};

const times = (from: number, to: number, step: number) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

/** A week of data: a row every hour, or a prediction every minute. */
const sendWeek = async (api: Api, now: number) => {
  const end = Math.floor(now / hourMs) * hourMs;
  const start = end - historyHours * hourMs;
  const limit = pLimit(8);
  const jobs = models.flatMap((model) => {
    if (model.rowSize !== undefined)
      return times(start, end - (model.silentFor ?? 0) * hourMs, hourMs).map(
        (at) => () => sendRow(api, model, at, now),
      );
    const minutes = times(start, now, minuteMs);
    const labelled = minutes.filter((at) => at + labelDelayMs <= now);
    return [() => sendPredictions(api, model, minutes, labelled, now)];
  });
  await Promise.all(jobs.map((job) => limit(job)));
};

const applySchedules = ({ send }: Api, cron_expression: string, dryRun = false) =>
  send('PUT', `/schedules?dry_run=${dryRun}`, {
    tag: 'demo',
    schedules: models.map(({ schedule }) => ({ ...schedule, cron_expression })),
  });

const each = (work: (model: DemoModel, path: string) => Promise<unknown>) =>
  Promise.all(models.map((model) => work(model, model.schedule.model_id)));

/** Computes the week's runs. */
const runWeek = async ({ send }: Api, { watch }: DemoOptions, now: number) => {
  const end = Math.floor(now / hourMs) * hourMs;
  const range = {
    from: new Date(end - historyHours * hourMs).toISOString(),
    to: new Date(end - hourMs).toISOString(), // that of this hour may still be on its way
  };
  await each((_, id) => send('POST', `/schedule/${id}/backfill`, range));
  for (;;) {
    await watch();
    const states = await each((_, id) => send('GET', `/schedule/${id}/backfill`));
    if (!(states as { state: string }[]).some(({ state }) => state === 'running')) return;
    await sleep(500);
  }
};

const setRules = ({ send }: Api, now: number) =>
  each(async ({ rules = {}, referenceHoursAgo }, id) => {
    const hour = Math.floor(now / hourMs);
    if (referenceHoursAgo) {
      const scheduled_time = new Date((hour - referenceHoursAgo) * hourMs).toISOString();
      await send('PUT', `/schedule/${id}/reference`, { scheduled_time });
    }
    for (const [name, rule] of Object.entries(rules)) await send('PUT', `/alerts/${id}/${name}`, rule);
  });

/** What comes in in a minute. */
const sendMinute = (api: Api, now: number) => {
  const minute = Math.floor(now / minuteMs) * minuteMs;
  return each(async (model) => {
    if (model.rowSize === undefined)
      await sendPredictions(api, model, [minute], [minute - labelDelayMs], now);
    else if (!model.silentFor) await sendRow(api, model, now, now);
  });
};

/**
 * Twelve models with a week of history, all made up. What an interrupted load has left does no harm.
 * @returns how many were made: none where they are there already
 */
export const loadDemo = async (options: DemoOptions): Promise<number> => {
  const api = apiOf(options);
  const plan = await applySchedules(api, '* * * * *', true);
  if (plan.unchanged === models.length) return 0;
  const now = Date.now();
  await applySchedules(api, '0 * * * *');
  await sendWeek(api, now);
  await runWeek(api, options, now);
  await setRules(api, now);
  await applySchedules(api, '* * * * *');
  await each((_, id) => api.send('POST', `/schedule/${id}/run`));
  return models.length;
};

/** Sends new data a quarter of a minute before each full one, until the signal. */
export const feedDemo = async (
  options: DemoOptions,
  signal: AbortSignal,
  onError: (error: Error) => void,
): Promise<never> => {
  const api = apiOf(options);
  for (;;) {
    await sleep(minuteMs - ((Date.now() + minuteMs / 4) % minuteMs), undefined, { signal });
    await sendMinute(api, Date.now()).catch(onError);
  }
};
