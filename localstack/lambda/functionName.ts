/** Name, partial ARN or ARN, each with or without :qualifier ("Invoke", FunctionName, its pattern). */
const nameForm =
  /^(?:arn:aws[\w-]*:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?(?:function:)?([\w-]+)(?::(\$LATEST|[\w-]+))?$/;

export const parseFunctionName = (given: string): { name: string; qualifier?: string | undefined } => {
  const [, name = given, qualifier] = nameForm.exec(given) ?? [];
  return { name, qualifier };
};
