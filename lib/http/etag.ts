import { createHash } from 'node:crypto';

export const etagOf = (text: string): string =>
  `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;

/** Whether a header If-None-Match names this ETag: then the caller has what it asks for. */
export const ifNoneMatch = (header: string | undefined, etag: string): boolean => {
  const known = header?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known?.some((tag) => tag === etag || tag === '*') ?? false;
};
