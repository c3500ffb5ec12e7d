/** What tests and benches use of the package `smpp`, which has no types of its own. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server } from 'node:net';

  export interface Pdu {
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly system_id?: string;
    readonly password?: string;
    readonly message_id?: string;
    readonly source_addr?: string;
    readonly destination_addr?: string;
    readonly esm_class?: number;
    readonly data_coding?: number;
    readonly short_message?: { readonly message: string | Buffer; readonly udh?: readonly Buffer[] };
    readonly message_payload?: { readonly message: string | Buffer };
    readonly receipted_message_id?: string;
    readonly message_state?: number;
    response(fields?: Readonly<Record<string, unknown>>): Pdu;
  }

  type Send = (fields: Readonly<Record<string, unknown>>, answered?: (pdu: Pdu) => void) => boolean;

  export interface Session extends EventEmitter {
    readonly bind_transceiver: Send;
    readonly bind_transmitter: Send;
    readonly submit_sm: Send;
    readonly deliver_sm: Send;
    readonly enquire_link: Send;
    readonly unbind: Send;
    send(pdu: Pdu): boolean;
    close(): void;
    destroy(): void;
  }

  export function connect(options: { readonly host: string; readonly port: number }, listener?: () => void): Session;
  export function createServer(listener: (session: Session) => void): Server;
}
