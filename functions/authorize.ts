import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerResult } from 'aws-lambda';
import { auth } from '../lib/http/auth';

/**
 * API Gateway's authorizer: a caller without a known token gets no further. Each function checks for itself what a token
 * allows, so that it can refuse with a problem document.
 */
export const handler = async ({
  headers,
}: APIGatewayRequestAuthorizerEventV2): Promise<APIGatewaySimpleAuthorizerResult> => ({
  isAuthorized: (await auth()).tokenOf(headers?.authorization) !== undefined,
});
