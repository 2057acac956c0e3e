import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { httpHandler } from '../../lib/http/handler';
import { route as predictionsRoute } from '../../lib/http/routes/addPredictions';
import { route as historyRoute } from '../../lib/http/routes/listRuns';
import { route as scheduleRoute } from '../../lib/http/routes/schedule';
import { modelNamed } from '../setup/world';
import { bodyOf, eventOf } from './event';

process.env.API_ACCESS = 'local';
const model_id = modelNamed(1);

/** What a request is read as; or of one that is refused, its errors. */
const answerTo = async (route: { name: string }, event: APIGatewayProxyEventV2) => {
  const read = httpHandler(route as typeof scheduleRoute, async () => async (input) => ({
    status: 200 as const,
    body: input as never,
  }));
  const answer = await read(event);
  const body = bodyOf(answer);
  if (answer.statusCode === 200) return { read: body };
  const [error] = body.errors ?? [];
  return { status: answer.statusCode, told: error ? `${error.path}: ${error.message}` : body.detail };
};

const post = (settings: object) =>
  answerTo(scheduleRoute, eventOf({ body: JSON.stringify({ model_id, ...settings }) }));

const five = 'cron_expression: five fields are wanted';
const knownWhere =
  'L, L-3, LW and 15W are days of the month, 5L and 5#2 the last and the second Friday as days of the week';

describe('a cron expression that somebody pastes is understood', () => {
  test.each([
    ['*/5 * * * *\n', '*/5 * * * *'],
    ['  0 9 * * MON-FRI\r\n', '0 9 * * MON-FRI'],
    ['0\t9\t*\t*\t*', '0\t9\t*\t*\t*'],
    ['0 9 * * ?', '0 9 * * ?'],
    ['0 9 15W * ?', '0 9 15W * ?'],
    ['0 9 LW * *', '0 9 LW * *'],
    ['0 9 L-3 * *', '0 9 L-3 * *'],
    ['0 9 * * 5L', '0 9 * * 5L'],
    ['0 9 * * FRI#2', '0 9 * * FRI#2'],
    ['@daily', '@daily'],
    ['0/5 * * * *', '0/5 * * * *'],
  ])('%j', async (pasted, cron_expression) => {
    expect(await post({ cron_expression: pasted })).toMatchObject({ read: { cron_expression } });
  });
});

describe('or it is told what to write instead', () => {
  test.each([
    ['0 0 12 * * ?', `${five}, without seconds; write "0 12 * * *"`],
    ['0 0/15 8-18 ? * MON-FRI', `${five}, without seconds; write "0/15 8-18 * * MON-FRI"`],
    ['0 15 10 ? * 2-6 *', `${five}, without seconds; write "15 10 * * MON-FRI"`],
    ['0 15 10 ? * 6#3 *', `${five}, without seconds; write "15 10 * * FRI#3"`],
    [
      '0 15 10 ? * 2-6',
      `${five}, without the seconds of Quartz or Spring, which count the weekday 2-6 differently; name it, as in "15 10 * * MON"`,
    ],
    [
      '0 0 12 1 1 ? 2027',
      'cron_expression: the year 2027 is not supported: the other fields would be due every year',
    ],
    [
      '*/30 * * * * *',
      'cron_expression: 6 fields; a cron expression has five fields, minute hour day-of-month month day-of-week, such as "*/5 * * * *" (seconds and years are not supported)',
    ],
    ['cron(0 12 * * ? *)', `${five}, without the year of AWS; write "0 12 * * *"`],
    ['cron(0/5 8-17 ? * 2-6 *)', `${five}, without the year of AWS; write "0/5 8-17 * * MON-FRI"`],
    ['cron(0 9 ? * 6L *)', `${five}, without the year of AWS; write "0 9 * * FRIL"`],
    ['cron(0 9 15W * ? *)', `${five}, without the year of AWS; write "0 9 15W * *"`],
    ['0 18 ? * MON-FRI *', `${five}, without the year of AWS; write "0 18 * * MON-FRI"`],
    [
      'cron(0 10 ? * FRI-MON *)',
      `${five}, without the year of AWS; without that it is "0 10 * * FRI-MON": day-of-week: range FRI-MON runs backwards; write 5-6,0-1`,
    ],
    ['cron(0 12 * * ?)', `${five}; cron(...) of AWS has six, and this has 5`],
    ['rate(5 minutes)', `${five}; write "*/5 * * * *"`],
    ['rate(1 hour)', `${five}; write "0 * * * *"`],
    [
      'rate(45 minutes)',
      'cron_expression: no five fields mean every 45 minutes: a number of minutes that divides 60 can, such as "*/6 * * * *"',
    ],
    ['@every 10m', `${five}; write "*/10 * * * *"`],
    ['every day', `${five}; write "0 0 * * *"`],
    [
      'at(2026-12-01T09:00:00)',
      'cron_expression: at(...) is due once; a schedule repeats. To run a model now: POST /schedule/{model_id}/run',
    ],
    [
      'CRON_TZ=Europe/Berlin 0 9 * * *',
      'cron_expression: CRON_TZ= is no part of it; write "0 9 * * *" and "timezone": "Europe/Berlin"',
    ],
    ['0 9 * * * # every morning', 'cron_expression: a comment is no part of it; write "0 9 * * *"'],
    [
      '*/5 * * * * /usr/bin/score --all',
      'cron_expression: "/usr/bin/score --all" is no part of it; write "*/5 * * * *"',
    ],
    ['"0 9 * * *"', 'cron_expression: it has quotes around it; write "0 9 * * *"'],
    ['\u201c0 9 * * *\u201d', 'cron_expression: it has quotes around it; write "0 9 * * *"'],
    ["- cron: '0 9 * * *'", 'cron_expression: "cron:" is no part of it; write "0 9 * * *"'],
    ['0 9 * * L', `cron_expression: day-of-week: "L" is not known here; ${knownWhere}`],
    ['LW * * * *', `cron_expression: minute: "LW" is not known here; ${knownWhere}`],
    ['H 9 * * *', 'cron_expression: minute: H (a random time, from Jenkins) is not supported; write a value'],
    [
      '0\u00a09 * * *',
      'cron_expression: only ASCII characters, on one line, are allowed; this has a no-break space (U+00A0)',
    ],
  ])('%j', async (pasted, told) => {
    expect(await post({ cron_expression: pasted })).toEqual({ status: 400, told });
  });
});

describe('other fields of a schedule', () => {
  const zone = 'timezone: must be an IANA time zone such as "Europe/Berlin"';
  test.each<[object, string]>([
    [{ timezone: 'europe/berlin' }, `${zone}; did you mean "Europe/Berlin"?`],
    [{ timezone: 'America/New York' }, `${zone}; did you mean "America/New_York"?`],
    [{ timezone: 'Kolkata' }, `${zone}; did you mean "Asia/Kolkata"?`],
    [{ timezone: '+02:00' }, zone],
    [
      { pos_label: 2 ** 64 },
      'pos_label: a string, or one of the whole numbers within 9007199254740991 (2^53 - 1) of 0',
    ],
  ])('%j', async (settings, told) => {
    expect(await post({ cron_expression: '0 9 * * *', ...settings })).toEqual({ status: 400, told });
  });
});

describe('a time', () => {
  const time = 'before: must be a time such as "2026-03-01T12:00:00Z"';
  const missing = 'the offset from UTC is missing';
  test.each([
    ['2026-03-01T12:00:00', `${time}: ${missing}; write "2026-03-01T12:00:00Z" if it is UTC`],
    ['2026-03-01 12:00', `${time}: ${missing}; write "2026-03-01T12:00:00Z" if it is UTC`],
    ['2026-03-01', `${time}: ${missing}; write "2026-03-01T00:00:00Z" if it is UTC`],
    ['2026-03-01T12:00:00 01:00', `${time}: write "2026-03-01T12:00:00+01:00" (in a URL, + is %2B)`],
    ['2026-03-01T12:00:00+0100', `${time}: write "2026-03-01T12:00:00+01:00"`],
    ['2026-02-30T12:00:00', time],
    ['yesterday', time],
  ])('%j', async (before, told) => {
    const event = eventOf({ params: { model_id }, query: { before } });
    expect(await answerTo(historyRoute, event)).toEqual({ status: 400, told });
  });
});

describe('a body', () => {
  const refused = 'the body is not valid JSON: ';
  test.each([
    [
      '{"y_true": [1, NaN], "y_pred": [1, 0]}',
      `${refused}at position 15 there is "NaN": JSON has no NaN: send null in y_true for a label that is not known yet, and leave out other such samples`,
    ],
    [
      '{"y_true": [-Infinity]}',
      `${refused}at position 12 there is "-Infinity": JSON has no infinity: leave the sample out`,
    ],
    ['{"y_true": [True]}', `${refused}at position 12 there is "True": write true or false`],
    ['{"y_true": [None]}', `${refused}at position 12 there is "None": write null`],
    ["{'y_true': [1]}", `${refused}at position 1 there is "'": strings stand in double quotes (")`],
    ['{"y_true": [1,]}', `${refused}at position 14 there is "]": a value should come here`],
    [
      '{"y_true": [1], "y_pred": [1',
      `${refused}it ends too early, at position 28: a comma, or the end of the list or object is missing`,
    ],
    [
      '{"y_true": [007]}',
      `${refused}at position 12 there is "007": not a number of JSON, such as 0.5 or -1e3`,
    ],
    [
      'y_true=1&y_pred=1',
      `${refused}at position 0 there is "y_true": strings and names stand in double quotes (")`,
    ],
    ['', `${refused}it ends too early, at position 0: a value is missing`],
  ])('%j', async (body, told) => {
    expect(await answerTo(predictionsRoute, eventOf({ params: { model_id }, body }))).toEqual({
      status: 400,
      told,
    });
  });

  test.each([
    ['named as such', { 'content-encoding': 'gzip' }, gzipSync('{}')],
    ['not named', {}, gzipSync('{}')],
    ['that the gateway took for text', {}, gzipSync('{}').toString('utf8')],
  ])('of gzip, %s', async (_, headers, body) => {
    expect(await answerTo(predictionsRoute, eventOf({ params: { model_id }, headers, body }))).toEqual({
      status: 415,
      told: 'the body is compressed (gzip): send it as it is, without content-encoding',
    });
  });

  test('of another coding', async () => {
    const event = eventOf({ params: { model_id }, headers: { 'content-encoding': 'br' }, body: '{}' });
    expect(await answerTo(predictionsRoute, event)).toMatchObject({ status: 415 });
  });
});
