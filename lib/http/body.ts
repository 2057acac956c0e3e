import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { jsonFault } from '../runtime/jsonFault';
import { Problem } from './problem';

const notUtf8 = () => new Problem(400, 'the body is not valid UTF-8');

/**
 * The type of a body, also where there is none: pages of other sites may POST what has no such type without asking first.
 * @throws Problem 415
 */
export const requireType = <T extends string>(
  { headers }: APIGatewayProxyEventV2,
  types: readonly T[],
): T => {
  const sent = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const type = types.find((type) => type === sent);
  if (!type) throw new Problem(415, `send content-type: ${types.join(' or ')}`);
  return type;
};

const bytesOf = ({ body, isBase64Encoded }: APIGatewayProxyEventV2): Buffer =>
  Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');

/** A body that is no JSON: text, or gzip of it. @throws Problem 415 for other encodings */
export const readUploadBody = (event: APIGatewayProxyEventV2): Buffer => {
  const encoding = event.headers['content-encoding']?.toLowerCase() ?? 'gzip';
  if (encoding !== 'gzip' && encoding !== 'identity') {
    throw new Problem(415, `content-encoding ${encoding} is not read: send gzip, or none`);
  }
  return bytesOf(event);
};

const isGzip = (bytes: Buffer) => bytes[0] === 0x1f && (bytes[1] === 0x8b || bytes[1] === 0xef);

/** @throws Problem 415 for a body that is compressed, which no gateway undoes */
const requirePlain = (coding: string | undefined, bytes: Buffer): void => {
  const named = coding?.trim().toLowerCase() ?? '';
  if (['', 'identity'].includes(named) && !isGzip(bytes)) return;
  const what = isGzip(bytes) ? 'gzip' : named;
  throw new Problem(415, `the body is compressed (${what}): send it as it is, without content-encoding`, {
    headers: { 'accept-encoding': 'identity' },
  });
};

/** @throws Problem 400 for bytes that are not UTF-8: decoded here, or by the gateway, which then changed the length */
export const readBody = (event: APIGatewayProxyEventV2): string => {
  const { headers, isBase64Encoded } = event;
  const text = event.body ?? '';
  const bytes = bytesOf(event);
  requirePlain(headers['content-encoding'], bytes);
  const sentBytes = Number(headers['content-length'] ?? bytes.length);
  if (!isBase64Encoded && sentBytes !== bytes.length && text.includes('\ufffd')) throw notUtf8();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notUtf8();
  }
};

/** How deep lists and objects may lie in one another, and how many of them and of their members there may be. */
const limits = { depth: 32, parts: 100_000 };

const codeOf = (char: string) => char.charCodeAt(0);
const QUOTE = codeOf('"');
const BACKSLASH = codeOf('\\');
const COLON = codeOf(':');
const [OPEN_LIST, CLOSE_LIST] = [codeOf('['), codeOf(']')];
const [OPEN_OBJECT, CLOSE_OBJECT] = [codeOf('{'), codeOf('}')];

/** The index of the quote that ends a string. */
const endOfString = (json: string, quote: number): number => {
  for (let at = quote + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return json.length;
};

/**
 * A list of two million empty lists takes ten times as long to parse as one of numbers, and fifty times its length.
 * @throws Problem 400
 */
const requireSimple = (json: string): void => {
  let depth = 0;
  let parts = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = endOfString(json, at);
    else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
    else if (code === OPEN_LIST || code === OPEN_OBJECT || code === COLON) {
      if (code !== COLON) depth++;
      if (depth > limits.depth) throw new Problem(400, `the body nests deeper than ${limits.depth} levels`);
      if (++parts > limits.parts) {
        throw new Problem(400, `the body has more than ${limits.parts} lists, objects and members`);
      }
    }
  }
};

/** @throws Problem 400 */
export const parseJson = (json: string): unknown => {
  requireSimple(json);
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new Problem(400, `the body is not valid JSON: ${jsonFault(json, error as Error)}`);
  }
};
