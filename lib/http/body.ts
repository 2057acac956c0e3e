import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Problem } from './problem';

/** What Lambda takes in one event. */
const maxBodyBytes = 6 * 1024 * 1024;

const notUtf8 = () => new Problem(400, 'the body is not valid UTF-8');

/** @throws Problem 400 for bytes that are not UTF-8: decoded here, or by the gateway, which then changed the length */
const textOf = ({ headers, body, isBase64Encoded }: APIGatewayProxyEventV2): string => {
  const text = String(body ?? ''); // serverless-offline hands the JSON `false` over as it is
  const bytes = Buffer.from(text, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBodyBytes) throw new Problem(413, `the body is larger than ${maxBodyBytes} bytes`);
  const sentBytes = Number(headers['content-length'] ?? bytes.length);
  if (!isBase64Encoded && sentBytes !== bytes.length && text.includes('\ufffd')) throw notUtf8();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notUtf8();
  }
};

/** The text of a JSON body. @throws Problem 413, 415, or 400 */
export const readBody = (event: APIGatewayProxyEventV2): string => {
  const type = event.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new Problem(415, 'the body must be JSON, sent with content-type: application/json');
  }
  return textOf(event);
};

/** @throws Problem 400 */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, 'the body is not valid JSON');
  }
};
