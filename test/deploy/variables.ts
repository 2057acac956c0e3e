/** A function's variable, in CloudFormation. */
type Value = string | { Ref?: string; 'Fn::If'?: [condition: string, then: Value, otherwise: Value] };

interface Known {
  /** By the parameter's name. */
  parameters: Record<string, string>;
  /** What the attributes of resources are, by the variable that has it. */
  attributes: Record<string, string>;
}

/** What Lambda sets a function's variables to. All conditions hold: who deploys has set all that may be left out. */
export const resolveVariables = (variables: Record<string, Value>, { parameters, attributes }: Known) => {
  const resolve = (key: string, value: Value): string | undefined => {
    if (typeof value === 'string') return value;
    if (value['Fn::If']) return resolve(key, value['Fn::If'][1]);
    return value.Ref ? parameters[value.Ref] : attributes[key];
  };
  return Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, resolve(key, value)]));
};
