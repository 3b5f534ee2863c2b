import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Table } from './table';

/** An identity of the sandbox and the keys that prove it. */
export interface Credentials {
  accountId: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** `arn:aws:iam::<account>:user/…` or `arn:aws:sts::<account>:assumed-role/…`. */
  arn: string;
  userId: string;
  /** Temporary credentials only. */
  sessionToken?: string;
  /** Temporary credentials only, ISO 8601. */
  expiration?: string;
}

export type AccountName = 'training' | 'qa' | 'production';

/**
 * The three accounts and the fixed keys of their administrators. The keys are no secret: they are printed here,
 * open nothing but a sandbox, and the sandbox listens on 127.0.0.1 only.
 */
export const administrators: Record<AccountName, Credentials> = {
  training: administrator('training', '111111111111', 'AKIASANDBOXTRAINING0'),
  qa: administrator('qa', '222222222222', 'AKIASANDBOXQA0000000'),
  production: administrator('production', '333333333333', 'AKIASANDBOXPRODUCT00'),
};

function administrator(name: AccountName, accountId: string, accessKeyId: string): Credentials {
  return {
    accountId,
    accessKeyId,
    secretAccessKey: `not-a-secret-sandbox-${name}`.padEnd(40, '-'),
    arn: `arn:aws:iam::${accountId}:user/sandbox`,
    userId: accessKeyId.replace('AKIA', 'AIDA'),
  };
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function randomId(prefix: string): string {
  return prefix + [...randomBytes(16)].map((byte) => base32[byte % 32]).join('');
}

/** Every set of credentials that may sign a request: the administrators' and those handed out by AssumeRole. */
export class Accounts {
  readonly #sessions: Table<Credentials>;

  constructor(home: string) {
    this.#sessions = new Table(join(home, 'sts', 'sessions.jsonl'));
    for (const session of this.#sessions.values()) {
      if (Date.parse(session.expiration ?? '') < Date.now()) this.#sessions.delete(session.accessKeyId);
    }
  }

  /** The credentials of an access key, expired ones included. */
  find(accessKeyId: string): Credentials | undefined {
    return (
      Object.values(administrators).find((each) => each.accessKeyId === accessKeyId) ??
      this.#sessions.get(accessKeyId)
    );
  }

  /** The unique id of an identity, as GetCallerIdentity answers it. */
  userIdOf(arn: string): string {
    const known = [...Object.values(administrators), ...this.#sessions.values()];
    return known.find((each) => each.arn === arn)?.userId ?? arn;
  }

  has(accountId: string): boolean {
    return Object.values(administrators).some((each) => each.accountId === accountId);
  }

  /** New temporary credentials of a role session. Roles are not modelled: every role of an account exists. */
  assume(accountId: string, roleName: string, sessionName: string, seconds: number): Credentials {
    const session: Credentials = {
      accountId,
      accessKeyId: randomId('ASIA'),
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(96).toString('base64'),
      arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
      userId: `${randomId('AROA')}:${sessionName}`,
      expiration: new Date(Date.now() + seconds * 1000).toISOString(),
    };
    this.#sessions.set(session.accessKeyId, session);
    return session;
  }
}
