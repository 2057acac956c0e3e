import { checkMetrics, type MetricSettings } from '../../lib/metrics/checkMetrics';

const keys = (settings: Partial<MetricSettings>): string[] => {
  const checked = checkMetrics({ task: 'classification', metrics: ['accuracy'], ...settings });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.plan.asked.map(({ key }) => key);
};

test('a key is the name, and each parameter that is not as usual', () => {
  const metrics = [
    'f1_macro',
    { name: 'fbeta', beta: 2 },
    { name: 'fbeta_macro', beta: 0.5 },
    { name: 'fbeta', beta: 1 },
    'top_k_accuracy',
    { name: 'top_k_accuracy', k: 5 },
    { name: 'expected_calibration_error', bins: 15 },
  ];
  expect(keys({ metrics })).toEqual([
    'f1_macro',
    'fbeta_2',
    'fbeta_macro_0.5',
    'fbeta_1',
    'top_k_accuracy',
    'top_k_accuracy_5',
    'expected_calibration_error_15',
  ]);
});

test.each<[Partial<MetricSettings>, (string | number)[], RegExp]>([
  [{ metrics: [] }, ['metrics'], /there are accuracy, /],
  [
    { metrics: ['accuracy_score'] },
    ['metrics', 0],
    /no metric accuracy_score, but accuracy; for classification there are/,
  ],
  [{ metrics: ['brier'] }, ['metrics', 0], /no metric brier, but brier_score;/],
  [
    { metrics: ['accuracy', 'r2'] },
    ['metrics', 1],
    /r2 is for regression; for classification there are accuracy/,
  ],
  [
    { task: 'multilabel', metrics: ['roc_auc'] },
    ['metrics', 0],
    /roc_auc is for classification; for multilabel there are/,
  ],
  [{ metrics: ['fbeta'] }, ['metrics', 0, 'beta'], /fbeta wants beta, a number, from 0 to 1000/],
  [{ metrics: [{ name: 'fbeta', beta: -1 }] }, ['metrics', 0, 'beta'], /a number, from 0/],
  [{ metrics: [{ name: 'fbeta', beta: '2' }] }, ['metrics', 0, 'beta'], /a number/],
  [{ metrics: [{ name: 'top_k_accuracy', k: 1.5 }] }, ['metrics', 0, 'k'], /a whole number, 1 or more/],
  [{ metrics: [{ name: 'f1', beta: 2 }] }, ['metrics', 0, 'beta'], /f1 has no parameter beta; it has none/],
  [
    { metrics: [{ name: 'f1', constructor: 1 }] },
    ['metrics', 0, 'constructor'],
    /f1 has no parameter constructor/,
  ],
  [{ metrics: [{ name: 'fbeta', beta: 2, alpha: 1 }] }, ['metrics', 0, 'alpha'], /it has beta/],
  [{ metrics: ['f1', 'f1'] }, ['metrics', 1], /f1 is there twice/],
  [{ metrics: ['top_k_accuracy', { name: 'top_k_accuracy', k: 2 }] }, ['metrics', 1], /is there twice/],
  [{ labels: ['a'] }, ['labels'], /two or more/],
  [{ labels: ['a', 'a'] }, ['labels'], /each label once/],
  [{ labels: [1, true] }, ['labels'], /each label once/],
  [{ labels: ['a', 1] }, ['labels'], /all strings or all numbers/],
  [{ labels: [0.5, 1] }, ['labels'], /whole numbers/],
  [{ task: 'regression', metrics: ['r2'], labels: [0, 1] }, ['labels'], /a regression has no labels/],
  [{ task: 'regression', metrics: ['r2'], pos_label: 1 }, ['pos_label'], /for classification only/],
  [{ labels: ['a', 'b'], pos_label: 'c' }, ['pos_label'], /"c" is none of the labels "a", "b"/],
  [{ pos_label: 2 ** 53 }, ['pos_label'], /whole number/],
  [{ metrics: ['f1'], labels: ['a', 'b'] }, ['pos_label'], /f1 wants one of "a", "b"/],
  [
    { metrics: ['f1'], labels: [0, 1, 2] },
    ['metrics'],
    /two classes and there are 3: take f1_macro, f1_micro, f1_weighted/,
  ],
  [{ metrics: ['roc_auc'], labels: [0, 1, 2] }, ['metrics'], /take roc_auc_ovr, roc_auc_ovr_weighted/],
])('%j is refused', (settings, path, message) => {
  const checked = checkMetrics({ task: 'classification', metrics: ['accuracy'], ...settings });
  expect(checked).toEqual({ ok: false, errors: [{ path, message: expect.stringMatching(message) }] });
});

test.each<Partial<MetricSettings>>([
  { pos_label: 'spam', metrics: ['precision', 'recall'] },
  { pos_label: true, labels: [false, true], metrics: ['f1'] },
  { labels: [0, 1], metrics: ['f1'] },
  { labels: ['a', 'b', 'c'], metrics: ['f1_macro', 'roc_auc_ovr', 'log_loss'] },
  { task: 'multilabel', labels: ['red', 'green'], metrics: ['f1_samples'] },
])('%j fits together', (settings) => {
  expect(keys(settings).length).toBeGreaterThan(0);
});
