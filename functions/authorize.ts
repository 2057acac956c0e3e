import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerResult } from 'aws-lambda';
import { tokenScope } from '../lib/http/auth';

/**
 * API Gateway's authorizer: who has no known token gets no further. What a token allows each function asks for itself,
 * so that it can say no in a problem document.
 */
export const handler = async ({
  headers,
}: APIGatewayRequestAuthorizerEventV2): Promise<APIGatewaySimpleAuthorizerResult> => ({
  isAuthorized: tokenScope(headers?.authorization) !== undefined,
});
