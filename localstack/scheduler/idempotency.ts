import { hash } from 'node:crypto';
import { SchedulerError } from './errors';

interface Done {
  request: string;
  answer: object;
}

/** Requests that succeeded, by their ClientToken: the newest 10,000. */
export class Idempotency {
  #done = new Map<string, Done>();

  /**
   * Carries out a request once; asked again with its token, it gives the same answer.
   * @throws SchedulerError ConflictException if the token came with another request before
   */
  once(operation: string, token: string | undefined, request: object, carryOut: () => object): object {
    if (token === undefined) return carryOut();
    const key = `${operation} ${token}`;
    const digest = hash('sha256', JSON.stringify(request), 'base64');
    const before = this.#done.get(key);
    if (before && before.request !== digest) {
      throw new SchedulerError('ConflictException', 'ClientToken was used with other parameters before.');
    }
    if (before) return before.answer;
    const answer = carryOut();
    if (this.#done.size >= 10_000) this.#done.delete(this.#done.keys().next().value as string);
    this.#done.set(key, { request: digest, answer });
    return answer;
  }
}
