import { Type } from 'typebox';
import { type EventType, eventType } from './event-type.ts';
import { flag, Identifier, number, optional, text, texts, time } from './shapes.ts';

const Participant = Type.Object({ communicationIdentifier: optional(Identifier), role: text });

const call = {
  startedBy: optional(Participant),
  serverCallId: text,
  group: optional(Type.Object({ id: text })),
  room: optional(Type.Object({ id: text })),
  isTwoParty: optional(flag),
  correlationId: text,
  isRoomsCall: optional(flag),
};
const ended = {
  endedBy: optional(Type.Object({ communicationIdentifier: optional(Identifier), type: text, name: text })),
  reason: optional(Type.Object({ code: number, subCode: number, phrase: text })),
  callDurationInSeconds: number,
};
const participant = { user: optional(Participant), displayName: text, participantId: text, userAgent: text };

const IncomingCall = Type.Object({
  to: optional(Identifier),
  from: optional(Identifier),
  serverCallId: text,
  callerDisplayName: text,
  customContext: optional(Type.Object({ sipHeaders: texts, voipHeaders: texts })),
  incomingCallContext: text,
  onBehalfOfCallee: optional(Identifier),
  correlationId: text,
});

const RecordingChunk = Type.Object({
  documentId: text,
  index: number,
  endReason: text,
  metadataLocation: text,
  contentLocation: text,
  deleteLocation: text,
});
const RecordingFile = Type.Object({
  recordingStorageInfo: optional(Type.Object({ recordingChunks: Type.Array(RecordingChunk) })),
  recordingStartTime: optional(time),
  recordingDurationMs: optional(number),
  recordingContentType: optional(text),
  recordingChannelType: optional(text),
  recordingFormatType: optional(text),
  sessionEndReason: optional(text),
});

/** Events of calls and recordings. */
export const CALLING_EVENTS: readonly EventType[] = [
  eventType({
    name: 'IncomingCall',
    description: 'Somebody calls a user or a number of the resource.',
    subject: '/caller/{from.rawId}/recipient/{to.rawId}',
    data: IncomingCall,
  }),
  eventType({
    name: 'CallStarted',
    description: 'A call began.',
    subject: 'call/{serverCallId}/startedBy/{startedBy.communicationIdentifier.rawId}',
    data: Type.Object(call),
  }),
  eventType({
    name: 'CallEnded',
    description: 'A call ended.',
    subject: 'call/{serverCallId}',
    data: Type.Object({ ...call, ...ended }),
  }),
  eventType({
    name: 'CallParticipantAdded',
    description: 'Somebody joined a call.',
    subject: 'call/{serverCallId}/participant/{user.communicationIdentifier.rawId}',
    data: Type.Object({ ...call, ...participant }),
  }),
  eventType({
    name: 'CallParticipantRemoved',
    description: 'Somebody left a call or was removed.',
    subject: 'call/{serverCallId}/participant/{user.communicationIdentifier.rawId}',
    data: Type.Object({ ...call, ...participant }),
  }),
  eventType({
    name: 'RecordingFileStatusUpdated',
    description: 'The file of a recording can be downloaded.',
    subject: '/recording/call/{callId}/recordingId/{recordingId}',
    data: RecordingFile,
  }),
];
