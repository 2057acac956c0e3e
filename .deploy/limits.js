const { entries } = require('./functions.js');

/** Requests a second, and at once. Above this API Gateway answers 429. */
const perRoute = { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 };
const perPublicRoute = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 };

const publicRoutes = entries.flatMap(([, { public: isPublic, routes = [] }]) => (isPublic ? routes : []));

/** @param {string} part */
const idPart = (part) => {
  const letters = part
    .toLowerCase()
    .replaceAll('-', 'Dash')
    .replace(/\{(.*)\}/g, '$1Var')
    .replace(/[^0-9A-Za-z]/g, '');
  return letters.charAt(0).toUpperCase() + letters.slice(1);
};

/** The route's name in CloudFormation, as Serverless Framework derives it. @param {string} route */
const routeId = (route) => `HttpApiRoute${route === '*' ? 'Default' : route.split('/').map(idPart).join('')}`;

const number = { Type: 'String', AllowedPattern: '^(none|\\d+)$' };

/** @param {string} parameter */
const isSet = (parameter) => ({ 'Fn::Not': [{ 'Fn::Equals': [{ Ref: parameter }, 'none'] }] });

/** What callers, and runs, may use. A stranger cannot take what runs need: the public functions have their own share. */
const limits = {
  Parameters: { RunConcurrency: number, PublicConcurrency: number },
  Conditions: { RunsLimited: isSet('RunConcurrency'), PublicLimited: isSet('PublicConcurrency') },
  extensions: {
    HttpApiStage: {
      Properties: {
        DefaultRouteSettings: perRoute,
        RouteSettings: Object.fromEntries(
          publicRoutes.map((route) => [route === '*' ? '$default' : route, perPublicRoute]),
        ),
      },
      // API Gateway refuses settings of a route that is not there yet.
      DependsOn: publicRoutes.map(routeId),
    },
  },
};

module.exports = { limits };
