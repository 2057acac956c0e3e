import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import type { Invoke } from '../lambda/invocation';
import { Deliveries } from './deliveries';
import type { DeadLetter } from './delivery';
import type { InForce } from './inForce';
import type { Place } from './place';
import { systemTime, type Time } from './time';

const minuteMs = 60_000;
const lookAgainMs = 2000;

export interface ClockOptions {
  inForce: InForce;
  invoke: Invoke;
  place: Place;
  sendDeadLetter: (letter: DeadLetter) => Promise<void>;
  /**
   * Called when many schedules went missing at once: the Scheduler may have lost its state. When it throws, what was
   * known stays in force.
   */
  onLoss: () => Promise<void>;
  onEvent: (event: Record<string, unknown>) => void;
  /** Invokes at a time. Default 256: more than run at a time on one machine. */
  width?: number;
  time?: Time;
}

export interface Clock {
  /** Stops; what was not delivered is by the next clock that starts at this place. */
  stop: () => Promise<void>;
}

const floorMinute = (ms: number) => Math.floor(ms / minuteMs) * minuteMs;

/**
 * EventBridge Scheduler's second half: at every minute it invokes what is due. A due time is handed out from what was
 * known at the boundary at once, and from a look just after it for what was changed in the last seconds. Due times that
 * passed while nobody looked are delivered late, the newest of each schedule.
 */
export const startClock = async (options: ClockOptions): Promise<Clock> => {
  const { inForce, place, onLoss, onEvent, time = systemTime } = options;
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal); // every delivery listens
  const keep = () =>
    place
      .write(deliveries.standing())
      .catch((error) => onEvent({ message: 'place not kept', error: error.message }));
  const deliveries = new Deliveries(
    (await place.read()) ?? { since: floorMinute(time.now()), undelivered: new Map() },
    { ...options, time, signal: stopping.signal, turn: pLimit(options.width ?? 256) },
    keep,
  );
  let looking: Promise<void> | undefined;
  let away = false;

  const look = async () => {
    const until = floorMinute(time.now());
    await inForce.refresh(onLoss);
    await deliveries.handOut(inForce.schedules(), floorMinute(time.now())); // a minute may have passed meanwhile
    deliveries.complete(until);
  };

  /** One look at a time; while the Scheduler is away what is known goes on. */
  const lookOnce = () => {
    looking ??= look()
      .then(
        () => {
          if (away) onEvent({ message: 'Scheduler available again' });
          away = false;
        },
        (error) => {
          if (!away) onEvent({ message: 'Scheduler not available', error: error.message });
          away = true;
        },
      )
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };

  const run = async () => {
    await keep(); // killed from here on, the next clock knows where this one began
    await lookOnce();
    for (;;) {
      const boundary = floorMinute(time.now()) + minuteMs;
      while (away && time.now() < boundary - 3000 - lookAgainMs) {
        await time.sleep(lookAgainMs, stopping.signal);
        void lookOnce();
      }
      await time.sleep(boundary - 3000 - time.now(), stopping.signal);
      void lookOnce();
      await time.sleep(boundary - time.now(), stopping.signal);
      await deliveries.handOut(inForce.schedules(), floorMinute(time.now()));
      void Promise.resolve(looking).then(lookOnce).then(keep);
    }
  };

  const running = run().catch(() => {}); // only the signal ends it
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await looking;
      await keep();
    },
  };
};
