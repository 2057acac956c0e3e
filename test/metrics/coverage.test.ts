import { coverageOf, populations } from './coverage';

/** `npm run bench -- metrics` draws 2,000 batches of 50 and 500 samples and looks for 92 to 98 %; this leaves room for fewer. */
const batches = 200;

test.each(populations.map((population) => [population.name, population] as const))(
  'nineteen of twenty intervals of 50 samples hold the value of the population: %s',
  (_name, population) => {
    const found = coverageOf(population, 50, batches);
    expect(found.filter(({ percent }) => percent < 90 || percent > 99.6)).toEqual([]);
    expect(found.filter(({ without }) => without > batches / 20)).toEqual([]);
  },
  120_000,
);
