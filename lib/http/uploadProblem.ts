import { Different, WrongLines } from '../samples/upload/storeUpload';
import { Problem } from './problem';

/** What to answer when an upload was refused; anything else is thrown again. */
export const refuseUpload = (error: unknown): never => {
  if (error instanceof WrongLines) {
    throw new Problem(400, 'lines of the upload are wrong, see "errors"; nothing was stored', {
      errors: error.lines.map(({ line, column, message }) => ({
        path: line === 0 ? 'body' : `line ${line}${column && `, ${column}`}`,
        message,
      })),
    });
  }
  if (error instanceof Different) {
    const { count, first } = error;
    const detail = `${count} of the predictions are there already and say something else; nothing was stored`;
    throw new Problem(409, detail, {
      errors: first.map(({ id, differs_in }) => ({ path: `id ${id}`, message: `differs in ${differs_in}` })),
    });
  }
  throw error;
};
