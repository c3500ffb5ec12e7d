import { connect, createServer, type AddressInfo } from 'node:net';

const readyPollMs = 2;

/** A port that was free a moment ago, for servers that cannot say which one they took. */
export async function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const probe = createServer().listen(0, '127.0.0.1', resolve);
  await promise;
  // An AddressInfo for every TCP server.
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

/** Resolves when something accepts connections there. */
export async function untilListening(port: number): Promise<void> {
  while (!(await accepts(port))) await new Promise((resolve) => setTimeout(resolve, readyPollMs));
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
