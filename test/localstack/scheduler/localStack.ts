import { isLocalStack } from './endpoint';

/** Against LocalStack: facts about AWS that must fail, and facts left out, by the reason. */
export interface Differences {
  differs: Record<string, string[]>;
  leftOut: Record<string, string[]>;
}

const reasons = (byReason: Record<string, string[]>) =>
  new Map(Object.entries(byReason).flatMap(([reason, facts]) => facts.map((fact) => [fact, reason])));

/**
 * Makes `fact(name, test)` for facts about AWS. Against LocalStack, one that differs must fail, so that the list
 * tells when LocalStack begins to do as AWS does.
 */
export const factsAboutAws = ({ differs, leftOut }: Differences) => {
  const failing = reasons(differs);
  const skipped = reasons(leftOut);
  const unused = new Set([...failing.keys(), ...skipped.keys()]);

  const fact = (name: string, holds: () => Promise<void>) => {
    unused.delete(name);
    if (isLocalStack && failing.has(name)) test.failing(`not so: ${name} (${failing.get(name)})`, holds);
    else if (isLocalStack && skipped.has(name)) test.skip(`${name} (${skipped.get(name)})`, holds);
    else test(name, holds);
  };

  const everyDifferenceIsAFact = () =>
    test('every difference listed is one of the facts', () => expect([...unused]).toEqual([]));

  return { fact, everyDifferenceIsAFact };
};
