import { Logger } from '@aws-lambda-powertools/logger';

/** One JSON line per event. Nothing of a request's body, no token and no URL with a password is logged. */
export const log = new Logger({ serviceName: 'cyclic-metrics' });
