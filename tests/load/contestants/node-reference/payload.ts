import type { Message } from './store.ts';

const recipient = '8:acs:00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000000';

/** The beginning of a push packet, which differs from socket to socket: as long as a real one. */
export function pushHead(pushId: number): string {
  return `3:::{"id":${pushId},"method":"POST","url":"/v4/f/0123456789abcdef/","headers":{"Content-Type":"application/json","MS-CV":"x.1"},"body":"{\\"recipientId\\":\\"${recipient.slice(2)}\\",\\"recipientMri\\":\\"${recipient}\\",`;
}

/** The rest of it, which all members of the room are sent alike: the members of a `chatMessageReceived` event, escaped into a JSON string. */
export function messageTail({ id, room, sender, content, createdMs }: Message): string {
  const members = {
    eventId: 200,
    senderId: sender,
    transactionId: String(id),
    groupId: `19:${room}@thread.v2`,
    messageId: String(id),
    collapseId: String(id),
    clientMessageId: '',
    originalArrivalTime: new Date(createdMs).toISOString(),
    priority: '',
    messageType: 'Text',
    senderDisplayName: '',
    version: String(id),
    messageBody: content,
    acsChatMessageMetadata: '{}',
  };
  return `${JSON.stringify(JSON.stringify(members).slice(1)).slice(1)}}`;
}
