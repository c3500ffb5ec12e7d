import { isoAt, type Sample, type SampleContext, sampleUser } from './sample.ts';

const ANN = 'Ann';
const BOB = 'Bob';

function inThread(context: SampleContext) {
  return {
    transactionId: `${context.uuid().replaceAll('-', '').slice(0, 22)}.1`,
    threadId: `19:${context.uuid().replaceAll('-', '')}@thread.v2`,
  };
}

function perUser(context: SampleContext) {
  const recipient = sampleUser(context);
  return { ...inThread(context), recipientId: recipient.rawId, recipientCommunicationIdentifier: recipient };
}

function message(context: SampleContext, { sentMsAgo = 0, type = 'Text' } = {}) {
  const sentAtMs = context.atMs - sentMsAgo;
  return {
    messageId: String(sentAtMs),
    senderCommunicationIdentifier: sampleUser(context),
    senderDisplayName: ANN,
    composeTime: isoAt(context, -sentMsAgo),
    type,
    version: context.atMs,
  };
}

const body = { messageBody: 'Hello from Ann', metadata: { priority: 'high' } };
const EDITED = { messageBody: 'Hello again from Ann', metadata: { priority: 'high' } };
const SENT_MS_AGO = 60_000;

function thread(context: SampleContext) {
  return { createTime: isoAt(context, -SENT_MS_AGO), version: context.atMs };
}

function participant(context: SampleContext, displayName: string) {
  return { displayName, participantCommunicationIdentifier: sampleUser(context) };
}

function created(context: SampleContext) {
  const ann = participant(context, ANN);
  return {
    createTime: isoAt(context),
    version: context.atMs,
    createdByCommunicationIdentifier: ann.participantCommunicationIdentifier,
    properties: { topic: 'Rental agreement' },
    metadata: {},
    participants: [ann, participant(context, BOB)],
  };
}

function updated(context: SampleContext) {
  return {
    ...thread(context),
    editedByCommunicationIdentifier: sampleUser(context),
    editTime: isoAt(context),
    properties: { topic: 'Rental agreement, signed' },
    metadata: {},
  };
}

function ended(context: SampleContext) {
  return { ...thread(context), deletedByCommunicationIdentifier: sampleUser(context), deleteTime: isoAt(context) };
}

function added(context: SampleContext) {
  return {
    ...thread(context),
    time: isoAt(context),
    addedByCommunicationIdentifier: sampleUser(context),
    participantAdded: participant(context, BOB),
  };
}

function removed(context: SampleContext) {
  return {
    ...thread(context),
    time: isoAt(context),
    removedByCommunicationIdentifier: sampleUser(context),
    participantRemoved: participant(context, BOB),
  };
}

function edited(context: SampleContext) {
  return { ...message(context, { sentMsAgo: SENT_MS_AGO }), ...EDITED, editTime: isoAt(context) };
}

function deleted(context: SampleContext) {
  return { ...message(context, { sentMsAgo: SENT_MS_AGO }), deleteTime: isoAt(context) };
}

export const CHAT_SAMPLES: Readonly<Record<string, Sample>> = {
  ChatMessageReceivedInThread: (context) => ({ ...message(context), ...body, ...inThread(context) }),
  ChatMessageReceived: (context) => ({ ...message(context), ...body, ...perUser(context) }),
  ChatMessageEditedInThread: (context) => ({ ...edited(context), ...inThread(context) }),
  ChatMessageEdited: (context) => ({ ...edited(context), ...perUser(context) }),
  ChatMessageDeletedInThread: (context) => ({ ...deleted(context), ...inThread(context) }),
  ChatMessageDeleted: (context) => ({ ...deleted(context), ...perUser(context) }),
  ChatThreadCreated: (context) => ({ ...created(context), ...inThread(context) }),
  ChatThreadCreatedWithUser: (context) => ({ ...created(context), ...perUser(context) }),
  ChatThreadDeleted: (context) => ({ ...ended(context), ...inThread(context) }),
  ChatThreadWithUserDeleted: (context) => ({ ...ended(context), ...perUser(context) }),
  ChatThreadPropertiesUpdated: (context) => ({ ...updated(context), ...inThread(context) }),
  ChatThreadPropertiesUpdatedPerUser: (context) => ({ ...updated(context), ...perUser(context) }),
  ChatThreadParticipantAdded: (context) => ({ ...added(context), ...inThread(context) }),
  ChatParticipantAddedToThreadWithUser: (context) => ({ ...added(context), ...perUser(context) }),
  ChatThreadParticipantRemoved: (context) => ({ ...removed(context), ...inThread(context) }),
  ChatParticipantRemovedFromThreadWithUser: (context) => ({ ...removed(context), ...perUser(context) }),
  ChatTypingIndicatorReceivedInThread: (context) => ({
    ...message(context, { type: 'Control/Typing' }),
    messageBody: '',
    metadata: {},
    ...inThread(context),
  }),
  ChatAzureBotCommandReceivedInThread: (context) => ({ ...message(context), messageBody: '/help', metadata: {}, ...inThread(context) }),
  UserDisconnected: (context) => ({ userCommunicationIdentifier: sampleUser(context) }),
};
