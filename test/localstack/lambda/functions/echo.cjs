exports.handler = async (event, context) => {
  console.log(`asked ${context.awsRequestId}`);
  console.error('and warned');
  return {
    event,
    pid: process.pid,
    context,
    remainingMs: context.getRemainingTimeInMillis(),
    env: process.env,
  };
};
