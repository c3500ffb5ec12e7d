import type { BareAnswer, BareRequest, Bind, BindAnswer, BindCommand, Outbind } from './body.ts';
import { FIELD } from './field.ts';
import type { Shape } from './shape.ts';

/** Section 4.1. */
export function bind(id: number, command: BindCommand): Shape<Bind> {
  return {
    id,
    read: (reader) => ({
      command,
      systemId: reader.text(FIELD.systemId),
      password: reader.text(FIELD.password),
      systemType: reader.text(FIELD.systemType),
      interfaceVersion: reader.byte('interface_version'),
      addressRange: reader.address(FIELD.addressRange),
    }),
    write(writer, body) {
      writer.text(body.systemId, FIELD.systemId);
      writer.text(body.password, FIELD.password);
      writer.text(body.systemType, FIELD.systemType);
      writer.byte(body.interfaceVersion, 'interface_version');
      writer.address(body.addressRange, FIELD.addressRange);
    },
  };
}

export function bindAnswer(id: number, command: BindAnswer['command']): Shape<BindAnswer> {
  return {
    id,
    read: (reader) => ({ command, systemId: reader.text(FIELD.systemId) }),
    write: (writer, body) => writer.text(body.systemId, FIELD.systemId),
  };
}

/** Section 4.1.7. */
export const OUTBIND: Shape<Outbind> = {
  id: 0x0000000b,
  read: (reader) => ({ command: 'outbind', systemId: reader.text(FIELD.systemId), password: reader.text(FIELD.password) }),
  write(writer, body) {
    writer.text(body.systemId, FIELD.systemId);
    writer.text(body.password, FIELD.password);
  },
};

/** A PDU that is nothing but a header. */
export function bare(id: number, body: BareRequest | BareAnswer): Shape {
  return { id, read: () => body, write: () => undefined };
}
