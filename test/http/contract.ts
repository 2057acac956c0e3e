import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

interface Media {
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface Described {
  headers?: Record<string, unknown>;
  content?: Record<string, Media>;
}

interface Operation {
  requestBody?: Described;
  responses: Record<string, Described>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
}

const escaped = (name: string) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

const pointerTo = (...names: string[]) => `#/${names.map(escaped).join('/')}`;

/** All objects as closed as they are described: an answer has no field that the document does not tell. */
const closed = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  return 'properties' in copy ? { additionalProperties: false, ...copy } : copy;
};

const compiled = new WeakMap<object, (pointer: string) => ValidateFunction>();

const compile = (document: object) => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat('cron-expression', true).addFormat('iana-timezone', true);
  ajv.addSchema({ ...(closed(document) as object), $id: 'document' });
  return (pointer: string) => ajv.getSchema(`document${pointer}`) as ValidateFunction;
};

/** A validator for the schema at a place of an OpenAPI 3.1 document. */
export const validatorOf = (document: object, pointer: string): ValidateFunction => {
  const find = compiled.get(document) ?? compile(document);
  compiled.set(document, find);
  return find(pointer);
};

const examplesIn = (where: string, names: string[], { content = {} }: Described) =>
  Object.entries(content).map(([type, { example, examples = {} }]) => ({
    where: `${where} ${type}`,
    pointer: pointerTo(...names, 'content', type, 'schema'),
    values: [
      ...(example === undefined ? [] : [example]),
      ...Object.values(examples).map(({ value }) => value),
    ],
  }));

/** Every content of every operation, and its examples. */
export const examplesOf = (document: object) =>
  Object.entries((document as Document).paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { requestBody, responses }]) => [
      ...(requestBody
        ? examplesIn(`${method} ${path}`, ['paths', path, method, 'requestBody'], requestBody)
        : []),
      ...Object.entries(responses).flatMap(([status, response]) =>
        examplesIn(`${method} ${path} ${status}`, ['paths', path, method, 'responses', status], response),
      ),
    ]),
  );

/** What of an answer is not as the document says. */
export const deviations = async (document: object, method: string, path: string, answer: Response) => {
  const text = await answer.clone().text();
  const status = String(answer.status);
  const described = (document as Document).paths[path]?.[method]?.responses[status];
  if (!described) return [`${status} is not described`];
  const missing = Object.keys(described.headers ?? {}).filter((name) => !answer.headers.has(name));
  if (!described.content) return [...missing, ...(text === '' ? [] : ['a body is not described'])];
  const type = answer.headers.get('content-type')?.split(';')[0] ?? 'none';
  if (!described.content[type]) return [...missing, `content-type ${type} is not described`];
  const validate = validatorOf(
    document,
    pointerTo('paths', path, method, 'responses', status, 'content', type, 'schema'),
  );
  validate(JSON.parse(text));
  return [...missing, ...(validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)];
};
