import { compare, costsOf, loopMs } from './regression';

test('a cost is milliseconds, seconds of a median or the inverse of a rate, in runs of the calibration loop', () => {
  const rows = [
    { labels: 10, 'runs/s': 500, 'service CPU ms': 0.5, 'made MB': 7, 'times Buffer.compare': 3 },
    { labels: 1000, 'runs/s': 250, 'service CPU ms': 1 },
  ];
  expect(costsOf('run', { rows, other: [{ models: 3, 'recorded p50': 0.3 }] }, 2)).toEqual({
    'run, labels 10, runs/s': 1,
    'run, labels 10, service CPU ms': 0.25,
    'run, labels 1000, runs/s': 2,
    'run, labels 1000, service CPU ms': 0.5,
    'run other, models 3, recorded p50': 150,
  });
});

test('tails, counts, what is not a number and what is no table have no cost', () => {
  const rows = [{ connections: 8, 'p50 ms': null, 'p99 ms': 4, 'max ms': 5, missing: 0, 'recorded p99': 1 }];
  expect(costsOf('api', { rows, trips: { ms: 2 } }, 1)).toEqual({});
});

test('a machine of half the speed has the same costs', () => {
  const fast = costsOf('run', { rows: [{ labels: 10, 'runs/s': 500, ms: 3 }] }, 2);
  expect(costsOf('run', { rows: [{ labels: 10, 'runs/s': 250, ms: 6 }] }, 4)).toEqual(fast);
});

test('what costs more than the tolerance allows is named, the worst first', () => {
  const before = { a: 1, b: 2, c: 3, gone: 4 };
  const now = { a: 1.5, b: 8, c: 5, added: 9 };
  expect(compare(before, now, 1.5)).toEqual({
    compared: 3,
    slower: [
      ['b', 4],
      ['c', 5 / 3],
    ],
  });
  expect(compare(before, before, 1.5)).toEqual({ compared: 4, slower: [] });
});

test('the calibration loop takes time', () => {
  expect(loopMs()).toBeGreaterThan(0);
});
