import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Pdu } from 'smpp';
import { createLog } from './lib/log.ts';
import { SystemRandom } from './lib/random.ts';
import { realTimers } from './lib/timers.ts';
import { type Message, SESSION_LIMITS, SmppClient, SmppListener, STATUS } from './smpp/index.ts';

// What a submit_sm and its answer cost both ends together, over loopback in one process, in CPU microseconds, as one line of JSON.
const SUBMITS = 100_000;
const WINDOW = 100;
const TEXT = Buffer.from('The quick brown fox jumps over the lazy dog. 0123456789');
const HOST = '127.0.0.1';

/** Submits one message and waits for its id. */
type Submit = () => Promise<void>;

const ours = await openOurs();
const theirs = await openTheirs();
await measure(ours.submit, SUBMITS / 4);
await measure(theirs.submit, SUBMITS / 4);
const result = { ours: await measure(ours.submit, SUBMITS), theirs: await measure(theirs.submit, SUBMITS) };
process.stdout.write(`${JSON.stringify(result)}\n`);
await ours.close();
theirs.close();

async function measure(submit: Submit, count: number): Promise<number> {
  const before = process.cpuUsage();
  let left = count;
  const submitter = async (): Promise<void> => {
    while (left-- > 0) await submit();
  };
  await Promise.all(Array.from({ length: WINDOW }, submitter));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

async function openOurs(): Promise<{ submit: Submit; close: () => Promise<void> }> {
  const ground = { timers: realTimers, log: createLog('silent') };
  let ids = 0;
  const listener = await SmppListener.open({
    ...ground,
    host: HOST,
    port: 0,
    systemId: 'bench',
    limits: { maxConnections: 10, maxUnbound: 10, bindTimeoutMs: 10_000 },
    sessionLimits: SESSION_LIMITS,
    authenticate: () => Promise.resolve({ kind: 'admitted', account: 'bench', maxSessions: 1 }),
    onRequest: () => Promise.resolve({ status: STATUS.ESME_ROK, body: { command: 'submit_sm_resp', messageId: `${ids++}` } }),
    onBound: () => undefined,
    onEnd: () => undefined,
  });
  const bound = Promise.withResolvers<void>();
  const client = new SmppClient({
    ...ground,
    random: new SystemRandom(),
    target: { host: HOST, port: listener.port },
    bindAs: 'transceiver',
    systemId: 'bench',
    password: 'secret',
    systemType: '',
    addressRange: { ton: 0, npi: 0, address: '' },
    limits: SESSION_LIMITS,
    backOff: { firstMs: 1_000, mostMs: 60_000 },
    connectTimeoutMs: 10_000,
    onMessage: () => Promise.resolve(STATUS.ESME_ROK),
    onBound: bound.resolve,
    onLost: ({ reason }) => bound.reject(new Error(reason)),
  });
  client.start();
  await bound.promise;
  return {
    async submit() {
      const outcome = await client.submit(message());
      if (outcome.kind !== 'accepted') throw new Error(outcome.kind);
    },
    async close() {
      await client.close(1_000);
      await listener.close(1_000);
    },
  };
}

function message(): Message {
  return {
    command: 'submit_sm',
    serviceType: '',
    source: { ton: 1, npi: 1, address: '12065550100' },
    destination: { ton: 1, npi: 1, address: '12065550199' },
    esmClass: 0,
    protocolId: 0,
    priority: 0,
    scheduleDeliveryTime: '',
    validityPeriod: '',
    registeredDelivery: 1,
    replaceIfPresent: 0,
    dataCoding: 0,
    defaultMessageId: 0,
    shortMessage: TEXT,
  };
}

async function openTheirs(): Promise<{ submit: Submit; close: () => void }> {
  let ids = 0;
  const server = createServer((session) => {
    session.on('bind_transceiver', (pdu: Pdu) => session.send(pdu.response()));
    session.on('submit_sm', (pdu: Pdu) => session.send(pdu.response({ message_id: `${ids++}` })));
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  // Not a pipe: listening on a port.
  const { port } = server.address() as AddressInfo;
  const session = connect({ host: HOST, port });
  await once(session, 'connect');
  await new Promise<void>((resolve) => session.bind_transceiver({ system_id: 'bench', password: 'secret' }, () => resolve()));
  return {
    submit: () =>
      new Promise((resolve) => {
        session.submit_sm(
          {
            source_addr_ton: 1,
            source_addr_npi: 1,
            source_addr: '12065550100',
            dest_addr_ton: 1,
            dest_addr_npi: 1,
            destination_addr: '12065550199',
            registered_delivery: 1,
            data_coding: 0,
            short_message: TEXT,
          },
          () => resolve(),
        );
      }),
    close() {
      session.close();
      server.close();
    },
  };
}
