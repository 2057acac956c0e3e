const { Logger } = require('@aws-lambda-powertools/logger');

const log = new Logger();
let logged = 0;

exports.handler = async () => {
  log.info('a line');
  return { logged: ++logged, pid: process.pid };
};
