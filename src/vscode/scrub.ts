const hidden = '***';

/**
 * What must never stand in a log, whoever wrote it there: an error of a library, an answer of AWS, a URL.
 * Order matters: whole structures first, then single words.
 */
const RULES: { pattern: RegExp; replacement: string }[] = [
  {
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    replacement: hidden,
  },
  // Query parameters that sign a URL (Signature Version 4 and 2) or carry a session.
  {
    pattern:
      /([?&;](?:X-Amz-(?:Signature|Credential|Security-Token)|Signature|AWSAccessKeyId|(?:access|id|refresh|session)?_?token|api_?key|code|password|pwd)(?:=|%3D))[^&\s"'<>#]*/gi,
    replacement: `$1${hidden}`,
  },
  // scheme://user:password@host; a password may hold anything but a space, an @ included.
  { pattern: /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*):[^\s/"'<>]*@/gi, replacement: `$1:${hidden}@` },
  { pattern: /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*):\S*@(?=[\w.[-]+)/gi, replacement: `$1:${hidden}@` },
  {
    pattern: /\b(authorization["']?\s*[:=]\s*)(?:"[^"\r\n]*"|'[^'\r\n]*'|[^\r\n"']*)/gi,
    replacement: `$1${hidden}`,
  },
  { pattern: /\b(Bearer|Basic)\s+[\w+/.~=-]{8,}/gi, replacement: `$1 ${hidden}` },
  // name = value, "name": "value", name 'value' — in JSON, ini files, DSNs, shell exports and messages of libraries.
  {
    pattern:
      /((?:aws_?)?(?:secret_?access_?key|session_?token|security_?token|secret_?key|client_?secret)|x-amz-security-token|access_?token|refresh_?token|id_?token|pgpassword|password|passwd|passphrase|pwd)(\\?["']?\s*(?:=>|[:=])\s*)(\\?"(?:\\.|[^"\\])*\\?"|'(?:''|\\.|[^'\\])*'|[^\s,;&"'}\])]+)/gi,
    replacement: `$1$2${hidden}`,
  },
  // Ids of access keys: AWS's prefixes of users, roles and bearer tokens.
  { pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b/g, replacement: hidden },
  // What AWS's session tokens begin with.
  {
    pattern: /\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz|AQoDYXdz|AQoEXAMPLE)[\w+/=%-]{8,}/g,
    replacement: hidden,
  },
  // Forty characters of base64 with at least one digit, a small and a capital letter are a secret key or might be one.
  {
    pattern:
      /(?<![\w+/=.:-])(?=[A-Za-z0-9+/]*\d)(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])[A-Za-z0-9+/]{40}(?![\w+/=.-])/g,
    replacement: hidden,
  },
];

/** The text without access keys, secret keys, tokens, passwords and signatures of URLs. Pure. */
export function scrub(text: string): string {
  return RULES.reduce((scrubbed, { pattern, replacement }) => scrubbed.replace(pattern, replacement), text);
}
