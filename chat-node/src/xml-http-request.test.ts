import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { XMLHttpRequest } from './xml-http-request.mjs';

const EVENTS = ['readystatechange', 'loadstart', 'load', 'error', 'timeout', 'abort', 'loadend'] as const;

/** Answers by path; `/never` is not answered, `/part` begins an answer and never ends it. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url, method, headers } = request;
  if (url === '/never') return;
  if (url === '/part') {
    response.write('part');
    return;
  }
  if (url === '/from') {
    response.writeHead(302, { location: '/echo' }).end();
    return;
  }
  response.writeHead(url === '/missing' ? 404 : 200, { 'content-type': 'text/plain; charset=utf-8', 'x-one': '1', 'X-Two': 'a' });
  response.end(url === '/json' ? '{"a":"ü"}' : JSON.stringify({ method, body: await text(request), token: headers['x-token'] }));
}

let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** An opened request, and the names of the events it fires. */
function opened(path: string, method = 'GET'): { readonly xhr: XMLHttpRequest; readonly seen: string[]; readonly ended: Promise<void> } {
  const xhr = new XMLHttpRequest();
  const seen: string[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  for (const type of EVENTS) {
    xhr.addEventListener(type, () => seen.push(type === 'readystatechange' ? String(xhr.readyState) : type));
  }
  xhr.addEventListener('loadend', () => resolve());
  xhr.open(method, origin + path);
  return { xhr, seen, ended };
}

describe('XMLHttpRequest', () => {
  it('tells every step of a request in order, to listeners and to handlers', async () => {
    const { xhr, seen, ended } = opened('/echo');
    const handled: string[] = [];
    xhr.onreadystatechange = function () {
      handled.push(`${this.readyState} ${this.status}`);
    };
    xhr.onload = () => handled.push('load');
    xhr.send();
    await ended;
    expect(seen).toEqual(['1', 'loadstart', '2', '3', '4', 'load', 'loadend']);
    expect(handled).toEqual(['2 200', '3 200', '4 200', 'load']);
  });

  it('sends method, headers and body, and gives status, text and headers of the answer', async () => {
    const { xhr, ended } = opened('/echo', 'post');
    xhr.setRequestHeader('X-Token', 'a');
    xhr.setRequestHeader('x-token', 'b');
    xhr.send('grüße');
    await ended;
    expect([xhr.status, xhr.statusText, xhr.responseURL]).toEqual([200, 'OK', `${origin}/echo`]);
    expect(JSON.parse(xhr.responseText)).toEqual({ method: 'POST', body: 'grüße', token: 'a, b' });
    expect(xhr.getResponseHeader('X-ONE')).toBe('1');
    expect(xhr.getResponseHeader('x-none')).toBeNull();
    expect(xhr.getAllResponseHeaders()).toContain('content-type: text/plain; charset=utf-8\r\n');
    expect(xhr.getAllResponseHeaders()).toContain('x-two: a\r\n');
  });

  it('takes an error status for an answer, follows redirects, and drops the body of a GET', async () => {
    const missing = opened('/missing');
    missing.xhr.send('ignored');
    await missing.ended;
    expect(missing.xhr.status).toBe(404);
    expect(JSON.parse(missing.xhr.responseText)).toMatchObject({ method: 'GET', body: '' });
    const moved = opened('/from');
    moved.xhr.send();
    await moved.ended;
    expect([moved.xhr.status, moved.xhr.responseURL]).toEqual([200, `${origin}/echo`]);
  });

  it('reads JSON where it is asked to, and null where there is none', async () => {
    for (const [path, expected] of [
      ['/json', { a: 'ü' }],
      ['/part-of-nothing', expect.objectContaining({ method: 'GET' })],
    ] as const) {
      const { xhr, ended } = opened(path);
      xhr.responseType = 'json';
      expect(xhr.response).toBeNull();
      xhr.send();
      await ended;
      expect(xhr.response).toEqual(expected);
      expect(() => xhr.responseText).toThrow('response type');
    }
    const { xhr, ended } = opened('/never');
    xhr.responseType = 'json';
    xhr.send();
    xhr.abort();
    await ended;
    expect(xhr.response).toBeNull();
  });

  it('can be used again', async () => {
    const { xhr, ended } = opened('/missing');
    xhr.send();
    await ended;
    xhr.open('GET', `${origin}/json`);
    expect([xhr.readyState, xhr.status, xhr.responseText]).toEqual([1, 0, '']);
    const again = once(xhr, 'load');
    xhr.send();
    await again;
    expect(xhr.responseText).toBe('{"a":"ü"}');
  });
});

describe('XMLHttpRequest that fails', () => {
  it('is answered with nothing when nobody listens', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    const { xhr, seen, ended } = opened('/echo');
    xhr.open('GET', `http://127.0.0.1:${port}/`);
    xhr.send();
    await ended;
    expect(seen).toEqual(['1', '1', 'loadstart', '4', 'error', 'loadend']);
    expect([xhr.status, xhr.responseText]).toEqual([0, '']);
  });

  it.each(['/never', '/part'])('ends after its time-out (%s)', async (path) => {
    const { xhr, seen, ended } = opened(path);
    xhr.timeout = 20;
    xhr.send();
    await ended;
    expect(seen.slice(-3)).toEqual(['4', 'timeout', 'loadend']);
    expect([xhr.status, xhr.responseText, xhr.getAllResponseHeaders()]).toEqual([0, '', '']);
  });

  it('ends at once when it is aborted, and tells so once', async () => {
    for (const path of ['/never', '/part', '/echo']) {
      const { xhr, seen, ended } = opened(path);
      xhr.send();
      xhr.abort();
      expect(seen).toEqual(['1', 'loadstart', '4', 'abort', 'loadend']);
      expect(xhr.readyState).toBe(0);
      await ended;
      xhr.abort();
      // What is still on the way must not speak later.
      const other = opened('/echo');
      other.xhr.send();
      await other.ended;
      expect(seen).toHaveLength(5);
    }
  });

  it('ends without a word when it is opened anew, and an abort of nothing says nothing', async () => {
    const { xhr, seen } = opened('/never');
    xhr.abort();
    expect(seen).toEqual(['1']);
    xhr.send();
    xhr.open('GET', `${origin}/echo`);
    const loaded = once(xhr, 'loadend');
    xhr.send();
    await loaded;
    expect(seen).toEqual(['1', 'loadstart', '1', 'loadstart', '2', '3', '4', 'load', 'loadend']);
  });

  it('lets an abort in its own events be the end', async () => {
    const { xhr, seen, ended } = opened('/echo');
    xhr.addEventListener('readystatechange', () => {
      if (xhr.readyState === xhr.HEADERS_RECEIVED) xhr.abort();
    });
    xhr.send();
    await ended;
    expect(seen).toEqual(['1', 'loadstart', '2', '4', 'abort', 'loadend']);
  });
});

describe('XMLHttpRequest and wrong use', () => {
  it.each<[string, string, (xhr: XMLHttpRequest) => void]>([
    ['send before open', 'InvalidStateError', (xhr) => xhr.send()],
    ['headers before open', 'InvalidStateError', (xhr) => xhr.setRequestHeader('a', 'b')],
    ['a forbidden method', 'SecurityError', (xhr) => xhr.open('trace', origin)],
    ['no URL', 'SyntaxError', (xhr) => xhr.open('GET', 'http://')],
    ['a synchronous request', 'InvalidAccessError', (xhr) => xhr.open('GET', origin, false)],
    ['a binary answer', 'NotSupportedError', (xhr) => (xhr.responseType = 'arraybuffer')],
    [
      'a second send',
      'InvalidStateError',
      (xhr) => {
        xhr.open('GET', `${origin}/never`);
        xhr.send();
        try {
          xhr.send();
        } finally {
          xhr.abort();
        }
      },
    ],
  ])('refuses %s as a %s', (_what, name, use) => {
    expect(() => use(new XMLHttpRequest())).toThrow(expect.objectContaining({ name }));
  });
});
