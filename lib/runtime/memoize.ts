import { LRUCache } from 'lru-cache';

/** `make`, with the answers to the `max` questions asked last kept. What it throws is not kept. */
export const memoize = <T extends {}>(max: number, make: (key: string) => T): ((key: string) => T) => {
  const answers = new LRUCache<string, T>({ max });
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = make(key);
    answers.set(key, answer);
    return answer;
  };
};
