export { SmppClient } from './client/client.ts';
export { SmppListener } from './listener/listener.ts';
export type { Message } from './pdu/body.ts';
export { STATUS } from './pdu/status.ts';
export { SESSION_LIMITS } from './session/session-options.ts';
