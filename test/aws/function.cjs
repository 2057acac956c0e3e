// The function of the contract test: fails when it is asked to, or when it is asked nothing.
exports.handler = async (event, context) => {
  console.log(`asked ${context.awsRequestId}`);
  if (event.answer === undefined) throw new Error('asked to fail');
  return { answer: event.answer, clientContext: context.clientContext };
};
