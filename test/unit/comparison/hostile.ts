import fc from 'fast-check';

/** What people put into names, descriptions and queries who want a reader to see or run something else. */
export const attacks: readonly string[] = [
  '</script><script>alert(1)</script>',
  '<!--<script>',
  '</noscript><img src=x onerror=alert(1)>',
  '</title></style>]]>',
  '<b>bold</b> & "quoted" \'single\' `code` **strong** _em_ ~~gone~~ $x$',
  '| a | b |\n| --- | --- |',
  '\\| not \\\\| a cell |',
  '``` \n```\n# heading',
  '# heading',
  '- item',
  '1. item',
  '1) item',
  '=== ',
  '> quote',
  '[link](javascript:alert(1)) ![x](https://evil.example/p.png)',
  'https://evil.example www.evil.example ftp://evil.example',
  'hello @everyone and x@y.example',
  '&lt;script&gt; &#60;b&#62;',
  'abc\u202Edrowssap\u202C \u2066x\u2069 \u200F',
  'a\u0000b\u001b[31mred\u2028line\u2029paragraph',
  'line\r\nbreak\rand\nmore',
  '\ud800 lone',
  '=HYPERLINK("https://evil.example")',
  '+1',
  '-1+cmd',
  '@SUM(A1)',
  '\t=1',
  '  =1',
  'a,"b"\r\nc',
  'x'.repeat(10_000),
];

const nasty = fc.constantFrom(
  ...'<>&"\'`*_~$|\\[](){}#+-=.!:@/;,%\n\r\t 0aé中\u202e\u2028\u200d🙂'.match(/./gsu)!,
);

/** Attacks, and anything made of the characters that mean something somewhere. */
export const hostile = fc.oneof(
  fc.constantFrom(...attacks),
  fc.string({ unit: nasty, maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
