import { openPoster } from './post';

const timeoutMs = 5000;

/**
 * Tells a service that watches the watcher, such as healthchecks.io, that watch has looked.
 * @throws Undelivered
 */
export const beat = async (url: string, allowed: readonly string[]): Promise<void> => {
  const poster = openPoster(new URL(url), allowed, timeoutMs);
  try {
    await poster.post('', {});
  } finally {
    poster.close();
  }
};
