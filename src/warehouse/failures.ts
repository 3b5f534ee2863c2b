import { messageOf, WarmstartError } from '../errors';
import type { Connection } from './postgres';

/**
 * What went wrong with a warehouse, in the project's words: `warehouse.connect` | `tls` | `password` | `timeout` |
 * `read-only` | `permission` | `query`. The password never stands in a message.
 */
export function explain(error: unknown, { warehouse, password }: Connection): unknown {
  if (error instanceof WarmstartError) return error;
  const { host, port, database, user, ssl } = warehouse;
  const where = `${host}:${port}`;
  const message = withoutSecret(messageOf(error), password);
  const code = stringMember(error, 'code');
  const fail = (name: string, text: string, remedy: string) =>
    new WarmstartError(`warehouse.${name}`, text, { remedy, cause: withoutSecretCause(error, password) });

  if (/does not support SSL/.test(message))
    return fail(
      'tls',
      `The warehouse at ${where} does not offer TLS.`,
      'Ask for TLS there, or set `warehouse.ssl` to "disable".',
    );
  if (code && /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL)/.test(code))
    return fail(
      'tls',
      `The certificate of the warehouse at ${where} is not trusted: ${message}.`,
      'Set `warehouse.sslRootCert` to the PEM file of its authority (for RDS: the global bundle).',
    );
  if (code === '28P01' || code === '28000' || /SASL|password must be/i.test(message))
    return fail(
      'password',
      `The warehouse at ${where} refused the user "${user}"${password ? '' : ': no password was given'}.`,
      'Set the warehouse password again (VS Code: “Warmstart: Set Warehouse Password”; terminal: PGPASSWORD).',
    );
  if (code === '3D000')
    return fail('connect', `There is no database "${database}" at ${where}.`, 'Check `warehouse.database`.');
  if (code === '57014')
    return fail(
      'timeout',
      `The query ran longer than ${warehouse.statementTimeoutSeconds} s and was stopped.`,
      'Narrow the window, add an index, or raise `warehouse.statementTimeoutSeconds`.',
    );
  if (code === '25006')
    return fail(
      'read-only',
      `The query would change data: ${message}.`,
      'Export only reads; leave out what writes.',
    );
  if (code === '42501')
    return fail(
      'permission',
      `The user "${user}" may not read it: ${message}.`,
      'Grant SELECT (and USAGE on the schema).',
    );
  if (code && /^(08|57P|53)|^E[A-Z]+$/.test(code))
    return fail('connect', `The warehouse at ${where} cannot be reached: ${message}.`, hintOf(ssl));
  if (code && /^[0-9A-Z]{5}$/.test(code)) {
    const position = Number(stringMember(error, 'position'));
    return fail(
      'query',
      `The warehouse refused the query: ${message}${position ? ` (at character ${position} of the statement)` : ''}.`,
      code === '42P01'
        ? 'Check the names of tables and `warehouse.searchPath`.'
        : 'Run the query by hand to mend it.',
    );
  }
  if (/timeout|terminated|closed/i.test(message))
    return fail('connect', `The connection to the warehouse at ${where} was lost: ${message}.`, hintOf(ssl));
  return error;
}

/** A text in which the password is blotted out. */
export function withoutSecret(text: string, secret: string | undefined): string {
  return secret ? text.replaceAll(secret, '***') : text;
}

function withoutSecretCause(error: unknown, password: string | undefined): unknown {
  return password && messageOf(error).includes(password) ? undefined : error;
}

function hintOf(ssl: string): string {
  return `Check \`warehouse.host\` and \`port\`, the network (VPN, security group), and \`ssl\` (now "${ssl}").`;
}

function stringMember(error: unknown, name: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Object.entries(error).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}
