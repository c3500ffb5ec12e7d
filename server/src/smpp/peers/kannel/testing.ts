import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOST } from '../../testing.ts';
import { PeerProgram } from '../testing.ts';

/** A Kannel gateway that is an ESME of somebody, with the web server that it tells what comes. */
export interface Kannel extends AsyncDisposable {
  /** Sends by its HTTP interface. @returns its answer */
  send(message: {
    readonly from: string;
    readonly to: string;
    readonly text: string;
    readonly query?: Readonly<Record<string, string>>;
  }): Promise<string>;
  /** The next message or receipt that it got: what it calls the test's web server with. */
  told(): Promise<URL>;
  /** For `dlr-url`: where it tells of receipts. `%d` is the kind of receipt, `%A` its text. */
  readonly receiptUrl: string;
}

interface Ports {
  readonly admin: number;
  readonly smsbox: number;
  readonly sendsms: number;
  readonly web: number;
}

/**
 * Starts bearerbox and smsbox.
 *
 * @param smsc the port of the SMSC to bind to
 * @param bindAs `pair`: as a transmitter and as a receiver
 */
export async function startKannel(smsc: number, bindAs: 'transceiver' | 'pair' = 'transceiver'): Promise<Kannel> {
  const cleanUp = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-smpp-kannel-'));
  cleanUp.defer(() => rmSync(folder, { recursive: true, force: true }));
  const web = cleanUp.use(await openWebServer());
  const ports = { web: web.port, admin: await freePort(), smsbox: await freePort(), sendsms: await freePort() };
  const file = join(folder, 'kannel.conf');
  const binds = bindAs === 'pair' ? [`port = ${smsc}`, `receive-port = ${smsc}`] : [`port = ${smsc}\ntransceiver-mode = true`];
  writeFileSync(file, configuration(ports, binds));
  const bearerbox = cleanUp.use(new PeerProgram(['bearerbox', '-v', '1', file], 'stderr'));
  await bearerbox.says('Start-up done');
  const smsbox = cleanUp.use(new PeerProgram(['smsbox', '-v', '0', file], 'stderr'));
  // When it says that it is connected it is not yet: it dies of a request that it takes in the moment after.
  await smsbox.says('heartbeat_thread');
  return {
    receiptUrl: `http://${HOST}:${web.port}/receipt?kind=%d&text=%A`,
    told: () => web.next(),
    async send({ query, ...message }) {
      const parameters = new URLSearchParams({ username: 'tester', password: 'tester', ...message, ...query });
      const answer = await fetch(`http://${HOST}:${ports.sendsms}/cgi-bin/sendsms?${parameters.toString()}`);
      return answer.text();
    },
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}

/** @param binds the ways in which each connection binds */
function configuration(ports: Ports, binds: readonly string[]): string {
  return `
group = core
admin-port = ${ports.admin}
admin-interface = "${HOST}"
admin-password = admin
smsbox-port = ${ports.smsbox}
smsbox-interface = "${HOST}"
box-allow-ip = "${HOST}"
dlr-storage = internal

${binds.map(smscGroup).join('\n')}

group = smsbox
bearerbox-host = ${HOST}
sendsms-port = ${ports.sendsms}
sendsms-interface = "${HOST}"
mo-recode = true

group = sendsms-user
username = tester
password = tester
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "http://${HOST}:${ports.web}/inbound?from=%p&to=%P&text=%b"
`;
}

function smscGroup(bind: string): string {
  return `
group = smsc
smsc = smpp
smsc-id = tests
host = ${HOST}
smsc-username = kannel
smsc-password = secret
system-type = ""
reconnect-delay = 1
${bind}
`;
}

interface WebServer extends AsyncDisposable {
  readonly port: number;
  next(): Promise<URL>;
}

async function openWebServer(): Promise<WebServer> {
  const urls: URL[] = [];
  let came = Promise.withResolvers<void>();
  const server = createHttpServer((request, response) => {
    urls.push(new URL(request.url ?? '/', 'http://localhost'));
    came.resolve();
    came = Promise.withResolvers();
    response.end();
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  return {
    // Not a pipe: listening on a port.
    port: (server.address() as AddressInfo).port,
    async next() {
      while (urls.length === 0) await came.promise;
      return urls.shift()!;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Kannel cannot choose a port by itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
