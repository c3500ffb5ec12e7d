import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * The yardstick of the events bench, a process of its own: posts a body it is given over kept connections, eight at a
 * time, and does nothing else. Arguments: `node-http` or `raw-socket`, the URL, the body. Each line of standard input is a
 * number of posts; a line of output says that they have been answered.
 */
const [kind = '', target = '', body = ''] = process.argv.slice(2);
const url = new URL(target);
const CONNECTIONS = 8;
const type = 'application/json; charset=utf-8';

function overNodeHttp(): () => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const headers = { 'content-type': type, 'aeg-event-type': 'Notification', 'content-length': Buffer.byteLength(body) };
  return () =>
    new Promise((resolve, reject) => {
      const outgoing = request(url, { method: 'POST', agent, headers }, (response) => response.resume().once('end', resolve));
      outgoing.once('error', reject).end(body);
    });
}

async function overRawSockets(): Promise<() => Promise<void>> {
  const head = `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: ${type}\r\naeg-event-type: Notification\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const message = head + body;
  const free = await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const socket = connect(Number(url.port), url.hostname);
      await new Promise((resolve) => socket.once('connect', resolve));
      return socket;
    }),
  );
  return () =>
    new Promise((resolve) => {
      const socket = free.pop();
      if (socket === undefined) throw new Error('more posts at once than connections');
      // The receiver answers with a head and no body, in one packet.
      socket.once('data', () => {
        free.push(socket);
        resolve();
      });
      socket.write(message);
    });
}

const post = await (kind === 'raw-socket' ? overRawSockets() : overNodeHttp());
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  let left = Number(line);
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await post();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  console.log('done');
}
