/** Bytes that are no acceptable JSON object at all, with the status that says so. */
export interface MalformedBody {
  readonly name: string;
  readonly body: string | Buffer;
  readonly status?: number;
  readonly contentType?: string;
}

const DEEPEST = 32;

/** @param valid the text of a body that is taken when nothing is wrong with it; an object with members */
export function malformedBodies(valid: string): MalformedBody[] {
  const member = valid === '{}' ? '' : `,${valid.slice(1, -1)}`;
  return [
    { name: 'half an object', body: valid.slice(0, -1) },
    { name: 'two objects', body: `${valid}${valid}` },
    { name: 'a comma too many', body: `{"a":1,${member.slice(1)},}` },
    { name: 'single quotes', body: `{'a':1${member}}` },
    { name: 'a comment', body: `/* */${valid}` },
    { name: 'NaN', body: `{"a":NaN${member}}` },
    { name: 'an open text', body: '{"a":"' },
    { name: 'a raw line break in a text', body: `{"a":"\n"${member}}` },
    { name: 'half an escape', body: `{"a":"\\u12"${member}}` },
    { name: 'an array', body: `[${valid}]` },
    { name: 'a text', body: '"text"' },
    { name: 'a number', body: '5' },
    { name: 'true', body: 'true' },
    { name: 'only space', body: ' \n ' },
    { name: 'nesting too deep in an unknown field', body: `{"a":${'['.repeat(DEEPEST)}${']'.repeat(DEEPEST)}${member}}` },
    { name: 'nesting without end', body: '{"a":'.repeat(100_000) },
    { name: 'the prototype as a key', body: `{"__proto__":{"isAdmin":true}${member}}` },
    { name: 'the prototype as an escaped key', body: `{"\\u005f_proto__":{"isAdmin":true}${member}}` },
    { name: 'the prototype deep inside', body: `{"a":[{"__proto__":null}]${member}}` },
    { name: 'the prototype of a constructor', body: `{"constructor":{"prototype":{"isAdmin":true}}${member}}` },
    { name: 'broken UTF-8', body: Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff, 0xc0, 0xaf), Buffer.from(`"${member}}`)]) },
    { name: 'a surrogate as UTF-8', body: Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xed, 0xa0, 0x80), Buffer.from(`"${member}}`)]) },
    { name: 'UTF-16', body: Buffer.from(`\ufeff${valid}`, 'utf16le') },
    { name: 'a NUL in front', body: `\0${valid}` },
    { name: 'compressed bytes', body: Buffer.of(0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0) },
    { name: 'two megabytes', body: `{"a":"${'x'.repeat(2_097_152)}"${member}}`, status: 413 },
    ...[
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'json',
      ';',
      '*/*',
      'application/json, text/plain',
    ].map((contentType) => ({ name: `content type ${contentType}`, body: valid, status: 415, contentType })),
  ];
}
