/** A resource policy, as it was checked by {@link parsePolicy}. */
export interface PolicyDocument {
  Version?: string;
  Id?: string;
  Statement: Statement[];
}

export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  /** ARNs, account ids, or `*`. */
  principals: string[];
  actions: { patterns: string[]; except: boolean };
  resources: { patterns: string[]; except: boolean };
  conditions: Condition[];
}

interface Condition {
  operator: keyof typeof operators;
  key: string;
  values: string[];
}

export interface PolicyRequest {
  /** `arn:aws:iam::…` or `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  principalArn: string;
  accountId: string;
  /** `s3:GetObject`. */
  action: string;
  /** `arn:aws:s3:::bucket/key`. */
  resource: string;
  /** Condition keys of the request beside `aws:PrincipalAccount` and `aws:PrincipalArn`. */
  context?: Record<string, string | undefined>;
}

/** A policy that the sandbox cannot or will not evaluate. The service answers it as its own error. */
export class PolicyError extends Error {}

const operators = {
  StringEquals: (pattern: string, value: string) => pattern === value,
  StringLike: (pattern: string, value: string) => matchesGlob(pattern, value),
  ArnEquals: (pattern: string, value: string) => matchesGlob(pattern, value),
  ArnLike: (pattern: string, value: string) => matchesGlob(pattern, value),
};

const conditionKeys = new Map(
  ['aws:PrincipalAccount', 'aws:PrincipalArn', 's3:prefix'].map((key) => [key.toLowerCase(), key]),
);

type Json = Record<string, unknown>;

/**
 * Reads a policy from its JSON text. What could not be evaluated faithfully is refused instead of ignored.
 * @throws PolicyError
 */
export function parsePolicy(text: string): PolicyDocument {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new PolicyError("Policies must be valid JSON and the first byte must be '{'");
  }
  if (!isObject(document)) throw new PolicyError('The policy must be a JSON object.');
  onlyMembers(document, ['Version', 'Id', 'Statement'], 'policy');
  const { Version, Id } = document;
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
    throw new PolicyError('The policy must contain a valid version string');
  }
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  if (document.Statement === undefined || statements.length === 0) {
    throw new PolicyError('Missing required field Statement');
  }
  return {
    Version: Version as string | undefined,
    Id: Id === undefined ? undefined : String(Id),
    Statement: statements.map(readStatement),
  };
}

function readStatement(value: unknown): Statement {
  if (!isObject(value)) throw new PolicyError('A statement must be a JSON object.');
  const members = [
    'Sid',
    'Effect',
    'Principal',
    'Action',
    'NotAction',
    'Resource',
    'NotResource',
    'Condition',
  ];
  onlyMembers(value, members, 'statement');
  if (value.Effect !== 'Allow' && value.Effect !== 'Deny') {
    throw new PolicyError(`Invalid effect: ${String(value.Effect)}`);
  }
  return {
    Sid: value.Sid === undefined ? undefined : String(value.Sid),
    Effect: value.Effect,
    principals: readPrincipals(value.Principal),
    actions: readPatterns(value, 'Action'),
    resources: readPatterns(value, 'Resource'),
    conditions: readConditions(value.Condition),
  };
}

function readPrincipals(value: unknown): string[] {
  if (value === '*') return ['*'];
  if (!isObject(value)) throw new PolicyError('Missing required field Principal');
  onlyMembers(value, ['AWS'], 'Principal');
  const principals = strings(value.AWS, 'Principal');
  for (const principal of principals) {
    const valid =
      principal === '*' ||
      /^\d{12}$/.test(principal) ||
      /^arn:aws:iam::\d{12}:(root|(user|role)\/[^*?]+)$/.test(principal) ||
      /^arn:aws:sts::\d{12}:assumed-role\/[^*?/]+\/[^*?/]+$/.test(principal);
    if (!valid) throw new PolicyError(`Invalid principal in policy: "AWS" : "${principal}"`);
  }
  return principals;
}

function readPatterns(statement: Json, name: 'Action' | 'Resource'): Statement['actions'] {
  const [plain, negated] = [statement[name], statement[`Not${name}`]];
  if ((plain === undefined) === (negated === undefined)) {
    throw new PolicyError(`A statement needs either ${name} or Not${name}.`);
  }
  return { patterns: strings(plain ?? negated, name), except: plain === undefined };
}

function readConditions(value: unknown): Condition[] {
  if (value === undefined) return [];
  if (!isObject(value)) throw new PolicyError('Condition must be a JSON object.');
  return Object.entries(value).flatMap(([operator, keys]) => {
    if (!isOperator(operator)) throw new PolicyError(`Condition operator ${operator} is not supported here.`);
    if (!isObject(keys)) throw new PolicyError('A condition must be a JSON object.');
    return Object.entries(keys).map(([name, values]) => {
      const key = conditionKeys.get(name.toLowerCase());
      if (!key) throw new PolicyError(`Condition key ${name} is not supported here.`);
      return { operator, key, values: strings(values, 'Condition') };
    });
  });
}

const isOperator = (name: string): name is keyof typeof operators => Object.hasOwn(operators, name);

/**
 * What a resource policy says about a request: a matching Deny wins over any Allow, and `none` means silence,
 * which admits the owner's account and nobody else.
 */
export function allows(policy: PolicyDocument, request: PolicyRequest): 'allow' | 'deny' | 'none' {
  const effects = new Set(
    policy.Statement.filter((each) => applies(each, request)).map((each) => each.Effect),
  );
  if (effects.has('Deny')) return 'deny';
  return effects.has('Allow') ? 'allow' : 'none';
}

function applies(statement: Statement, request: PolicyRequest): boolean {
  const action = request.action.toLowerCase();
  const { actions, resources } = statement;
  return (
    statement.principals.some((principal) => isPrincipal(principal, request)) &&
    actions.patterns.some((pattern) => matchesGlob(pattern.toLowerCase(), action)) !== actions.except &&
    resources.patterns.some((pattern) => matchesGlob(pattern, request.resource)) !== resources.except &&
    statement.conditions.every((condition) => holds(condition, request))
  );
}

function isPrincipal(principal: string, { principalArn, accountId }: PolicyRequest): boolean {
  if (principal === '*' || principal === accountId || principal === principalArn) return true;
  if (principal === `arn:aws:iam::${accountId}:root`) return true;
  // A role stands for all its sessions; a session's ARN has lost the role's path.
  const session = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principalArn);
  const role = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principal);
  return session !== null && role !== null && session[1] === role[1] && session[2] === role[2];
}

function holds({ operator, key, values }: Condition, request: PolicyRequest): boolean {
  const context: Record<string, string | undefined> = {
    ...request.context,
    'aws:PrincipalAccount': request.accountId,
    'aws:PrincipalArn': request.principalArn,
  };
  const value = context[key];
  return value !== undefined && values.some((pattern) => operators[operator](pattern, value));
}

/** `*` stands for any run of characters, `?` for one. Linear in practice: no backtracking beyond the last star. */
export function matchesGlob(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

function strings(value: unknown, name: string): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0 || !list.every((item) => typeof item === 'string' && item !== '')) {
    throw new PolicyError(`${name} must be a string or a list of strings.`);
  }
  return list;
}

function onlyMembers(value: Json, names: string[], where: string): void {
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new PolicyError(`The ${where} has a member that is not supported: ${unknown}`);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
