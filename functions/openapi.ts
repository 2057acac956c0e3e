import { httpHandler } from '../lib/http/handler';
import { openApiDocument } from '../lib/http/openApi';
import type { Output } from '../lib/http/route';
import { routes } from '../lib/http/routes';
import { route } from '../lib/http/routes/openapi';

/** The API's description, made of what validates its requests. */
export const openapi = () => {
  const document = { ...openApiDocument(routes) };
  return async (): Promise<Output<typeof route>> => ({ status: 200, body: document });
};

export const handler = httpHandler(route, async () => openapi());
