import type { AlertNotification, Answer, Bind, Body, Command, Outbind, Request } from '../pdu/body.ts';

/** Which end of a connection this is. */
export type Side = 'esme' | 'smsc';

/** What the ESME bound as, SMPP 3.4 section 2.2. */
export type BoundAs = 'transmitter' | 'receiver' | 'transceiver';

export function boundAs({ command }: Bind): BoundAs {
  if (command === 'bind_transmitter') return 'transmitter';
  return command === 'bind_receiver' ? 'receiver' : 'transceiver';
}

/** Whether `side` may ask that in this state: table 2-1 of section 2.3. */
export function mayAsk(side: Side, command: Request['command'], bound: BoundAs | undefined): boolean {
  if (bound === undefined) return false;
  if (side === 'smsc') return bound !== 'transmitter' && (command === 'deliver_sm' || command === 'data_sm');
  return bound !== 'receiver' && command !== 'deliver_sm';
}

type Asked = Exclude<Body, Answer | Outbind | AlertNotification>['command'];

/** The answer to each command that has one, with nothing in it: what refuses it. */
const BLANK_ANSWERS: Readonly<Partial<Record<Command, Answer>>> = {
  bind_receiver: { command: 'bind_receiver_resp', systemId: '' },
  bind_transmitter: { command: 'bind_transmitter_resp', systemId: '' },
  bind_transceiver: { command: 'bind_transceiver_resp', systemId: '' },
  unbind: { command: 'unbind_resp' },
  enquire_link: { command: 'enquire_link_resp' },
  submit_sm: { command: 'submit_sm_resp', messageId: '' },
  deliver_sm: { command: 'deliver_sm_resp', messageId: '' },
  data_sm: { command: 'data_sm_resp', messageId: '' },
  submit_multi: { command: 'submit_multi_resp', messageId: '', unsuccessful: [] },
  query_sm: { command: 'query_sm_resp', messageId: '', finalDate: '', messageState: 0, errorCode: 0 },
  cancel_sm: { command: 'cancel_sm_resp' },
  replace_sm: { command: 'replace_sm_resp' },
} satisfies Record<Asked, Answer>;

/** Undefined for commands without answer, and for answers. */
export function blankAnswer(command: Command): Answer | undefined {
  return BLANK_ANSWERS[command];
}

/** Whether an answer of this command answers that request. A generic_nack answers everything (section 4.3). */
export function answers(answer: Command, asked: Command): boolean {
  return answer === 'generic_nack' || answer === BLANK_ANSWERS[asked]?.command;
}
