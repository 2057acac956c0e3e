import hasNotificationsSql from '../../sql/queries/hasNotifications.sql';
import type { Queries } from '../postgres/database';
import type { Invoker } from '../runtime/invoker';
import { log } from '../runtime/log';

/**
 * Invokes notify if there is something to tell. A failure changes nothing: the outbox keeps it, and watch looks every
 * minute.
 */
export const tell = async (
  db: Queries,
  notifier: Pick<Invoker, 'invokeLater'> | undefined,
): Promise<void> => {
  if (!notifier) return;
  try {
    const [due] = await db.query(hasNotificationsSql);
    if (due) await notifier.invokeLater({});
  } catch (error) {
    log.warn('notify not invoked', { error: (error as Error).cause ?? (error as Error) });
  }
};
