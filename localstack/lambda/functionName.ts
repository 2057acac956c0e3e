/** Name, partial ARN or ARN, each with or without :qualifier ("Invoke", FunctionName, its pattern). */
const nameForm =
  /^(?:arn:aws[\w-]*:lambda:)?(?:([a-z]{2}(?:-[a-z]+)+-\d):)?(?:(\d{12}):)?(?:function:)?([\w-]+)(?::(\$LATEST|[\w-]+))?$/;

export interface FunctionName {
  name: string;
  region?: string | undefined;
  accountId?: string | undefined;
  qualifier?: string | undefined;
}

export const parseFunctionName = (given: string): FunctionName => {
  const [, region, accountId, name = given, qualifier] = nameForm.exec(given) ?? [];
  return { name, region, accountId, qualifier };
};
