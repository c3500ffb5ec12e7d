import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRest, type ErrorBody, expectRefusal, threadPath } from '../../lib/chat-rest.ts';
import { newUser } from '../../lib/chat-user.ts';
import { startServer, type TestServer } from '../../lib/server.ts';

const LIMIT_BYTES = 28_672;

let server: TestServer;
let rest: ChatRest;
let threadId: string;

beforeAll(async () => {
  server = await startServer();
  rest = new ChatRest(server.endpoint, await newUser(server));
  threadId = await rest.createThread();
});

afterAll(() => server.stop());

async function roundTrip(content: string, more: object = {}): Promise<string | undefined> {
  const { content: stored } = await rest.message(threadId, await rest.send(threadId, content, more));
  return stored?.message;
}

describe('text', () => {
  it.each([
    ['plain', 'Hello'],
    ['umlauts', 'Grüße, Ÿñ'],
    ['emoji with joiners', '👩‍👩‍👧‍👦 🇩🇪 👍🏽'],
    ['right to left', 'שלום مرحبا'],
    ['combining marks', 'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢'],
    ['quotes and backslashes', `"'\\ \\" \\u0041 \\\\`],
    ['percent signs', '100% %41 %u0041 %%'],
    ['line ends', 'a\nb\r\nc\u2028d\u2029e\tf'],
    ['NUL and other controls', '\u0000\u0001\u001f\u007f'],
    ['a lone surrogate’s neighbours', '\ud7ff\ue000\uffff'],
    ['only a blank', ' '],
    ['markup', '<script>alert(1)</script> &amp; <b>'],
    ['JSON', '{"a":[1]}'],
  ])('R34: %s comes back unchanged', async (_name, text) => {
    expect(await roundTrip(text)).toBe(text);
    expect((await rest.messages(threadId))[0]?.content?.message).toBe(text);
  });

  it('R34: a lone surrogate has no UTF-8 form, so it is refused rather than changed', async () => {
    const refusal = await rest.call('POST', `${threadPath(threadId)}/messages`, { body: { content: 'a\ud800b' } });
    expectRefusal(refusal, { status: 400, code: 'BadRequest', target: 'content' });
  });

  it.each([
    ['ASCII', 'x'.repeat(LIMIT_BYTES)],
    ['three bytes a character', '€'.repeat(LIMIT_BYTES / 3)],
  ])('R34: 28 KB are taken, one byte more is refused (%s)', async (_name, text) => {
    const content = text.padEnd(text.length + LIMIT_BYTES - Buffer.byteLength(text), 'x');
    expect(await roundTrip(content)).toBe(content);
    const refusal = await rest.call('POST', `${threadPath(threadId)}/messages`, { body: { content: `${content}x` } });
    expectRefusal(refusal, { status: 400, code: 'BadRequest', target: 'content' });
    expect((refusal.body as ErrorBody).error.message).toContain('chat.message-bytes');
  });

  it.each([
    ['no content', {}, 'content'],
    ['empty content', { content: '' }, 'content'],
    ['content of null', { content: null }, 'content'],
    ['content that is a number', { content: 1 }, 'content'],
    ['content that is an object', { content: { message: 'x' } }, 'content'],
    ['an unknown type', { content: 'x', type: 'markdown' }, 'type'],
    ['the type of a system message', { content: 'x', type: 'topicUpdated' }, 'type'],
    ['a display name that is a list', { content: 'x', senderDisplayName: [] }, 'senderDisplayName'],
    ['a display name of 257 characters', { content: 'x', senderDisplayName: 'x'.repeat(257) }, 'senderDisplayName'],
    ['metadata that is a list', { content: 'x', metadata: ['a'] }, 'metadata'],
    ['metadata with an object inside', { content: 'x', metadata: { a: {} } }, 'metadata.a'],
  ])('R34: %s is a 400 that names the field, and nothing is stored', async (_name, body, target) => {
    const before = await rest.messages(threadId);
    expectRefusal(await rest.call('POST', `${threadPath(threadId)}/messages`, { body }), { status: 400, code: 'BadRequest', target });
    expect(await rest.messages(threadId)).toEqual(before);
  });

  it.each([
    ['empty content', { content: '' }, 'content'],
    ['too long content', { content: 'x'.repeat(LIMIT_BYTES + 1) }, 'content'],
    ['content that is a number', { content: 1 }, 'content'],
    ['metadata over 1 KB', { metadata: { a: 'x'.repeat(1024) } }, 'metadata'],
  ])('R46: an edit with %s is a 400 that names the field and changes nothing', async (_name, body, target) => {
    const id = await rest.send(threadId, 'Unchanged');
    const before = await rest.message(threadId, id);
    expectRefusal(await rest.call('PATCH', `${threadPath(threadId)}/messages/${id}`, { body }), {
      status: 400,
      code: 'BadRequest',
      target,
    });
    expect(await rest.message(threadId, id)).toEqual(before);
  });
});

describe('metadata', () => {
  it('R34: 1 KB of keys and values is taken, one character more is refused', async () => {
    const metadata = { key: 'x'.repeat(1021) };
    const id = await rest.send(threadId, 'x', { metadata });
    expect((await rest.message(threadId, id)).metadata).toEqual(metadata);
    const body = { content: 'x', metadata: { ...metadata, k: '' } };
    expectRefusal(await rest.call('POST', `${threadPath(threadId)}/messages`, { body }), {
      status: 400,
      code: 'BadRequest',
      target: 'metadata',
    });
  });

  it('R34: names that objects have by nature are names like others or refused, never lost', async () => {
    const metadata = { toString: 'a', hasOwnProperty: 'b', 'ä %"\\': 'c' };
    const id = await rest.send(threadId, 'x', { metadata });
    expect((await rest.message(threadId, id)).metadata).toEqual(metadata);
    const body = '{"content":"x","metadata":{"__proto__":"a"}}';
    expectRefusal(await rest.call('POST', `${threadPath(threadId)}/messages`, { body }), { status: 400, code: 'BadRequest' });
  });
});

describe('html', () => {
  it.each([
    ['bold and line breaks', '<b>bold</b><br />text', '<b>bold</b><br />text'],
    ['links', '<a href="https://example.org/?a=1&amp;b=2">x</a>', '<a href="https://example.org/?a=1&amp;b=2">x</a>'],
    ['images', '<img src="https://example.org/a.png" alt="a" />', '<img src="https://example.org/a.png" alt="a" />'],
    [
      'lists and tables',
      '<ul><li>a</li></ul><table><tbody><tr><td>b</td></tr></tbody></table>',
      '<ul><li>a</li></ul><table><tbody><tr><td>b</td></tr></tbody></table>',
    ],
    ['entities', 'a &lt; b &amp; c', 'a &lt; b &amp; c'],
  ])('R34: %s stay', async (_name, html, expected) => {
    const id = await rest.send(threadId, html, { type: 'html' });
    expect(await rest.message(threadId, id)).toMatchObject({ type: 'html', content: { message: expected } });
  });

  it.each([
    ['script', '<script>alert(1)</script>'],
    ['script in odd case', '<ScRiPt src=//evil.example/x.js></sCrIpT>'],
    ['event handlers', '<img src="https://example.org/a.png" onerror="alert(1)"><b onclick=alert(1)>x</b>'],
    ['javascript links', '<a href="javascript:alert(1)">x</a>'],
    ['disguised javascript links', '<a href="&#106;ava\tscript:alert(1)">x</a><a href=" java\nscript:alert(1)">y</a>'],
    ['data links', '<a href="data:text/html,<script>alert(1)</script>">x</a>'],
    ['styles', '<style>*{background:url(javascript:alert(1))}</style><b style="background:url(https://evil.example)">x</b>'],
    ['frames', '<iframe src="https://evil.example" srcdoc="<script>alert(1)</script>"></iframe>'],
    ['vector graphics', '<svg onload=alert(1)><script>alert(1)</script><a xlink:href="javascript:alert(1)">x</a></svg>'],
    ['formulas', '<math><mtext><script>alert(1)</script></mtext></math>'],
    ['forms', '<form action="https://evil.example"><input onfocus=alert(1) autofocus><button>x</button></form>'],
    ['objects', '<object data="javascript:alert(1)"></object><embed src="javascript:alert(1)">'],
    ['base and meta', '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=javascript:alert(1)">'],
    ['unclosed tags', '<img src=x onerror=alert(1)//'],
    ['nested disguise', '<scr<script>ipt>alert(1)</scr</script>ipt>'],
    ['comments', '<!--><script>alert(1)</script>--><!--[if IE]><script>alert(1)</script><![endif]-->'],
    ['raw text elements', '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>'],
  ])('R34: %s are removed', async (_name, html) => {
    const stored = (await roundTrip(`${html}<b>x</b>`, { type: 'html' })) ?? '';
    for (const [, name = '', attributes = ''] of stored.matchAll(/<\/?([^\s>]*)([^>]*)/g)) {
      expect(['a', 'b', 'img', 'p']).toContain(name);
      expect(attributes).not.toMatch(/\s(?:on\w+|style|srcdoc|xlink)/i);
      expect(attributes).not.toMatch(/javascript|data:/i);
    }
  });

  it('R34: an edit is cleaned too', async () => {
    const id = await rest.send(threadId, '<b>x</b>', { type: 'html' });
    const body = { content: '<b onclick="alert(1)">y</b><script>alert(1)</script>' };
    expect((await rest.call('PATCH', `${threadPath(threadId)}/messages/${id}`, { body })).status).toBe(204);
    expect((await rest.message(threadId, id)).content?.message).toBe('<b>y</b>');
  });

  it('R34: nothing but script leaves nothing of the script', async () => {
    expect((await roundTrip('<script>alert(1)</script>', { type: 'html' })) ?? '').toBe('');
  });
});
