import { isoAt, type Sample, type SampleContext, sampleUser } from './sample.ts';

const DURATION_MS = 49_000;

function caller(context: SampleContext) {
  const { rawId, communicationUser } = sampleUser(context);
  return { communicationIdentifier: { kind: 'communicationUser', rawId, communicationUser }, role: 'Unknown' };
}

function call(context: SampleContext) {
  return {
    startedBy: caller(context),
    serverCallId: Buffer.from(`call ${context.uuid()}`).toString('base64url'),
    group: { id: context.uuid() },
    isTwoParty: false,
    correlationId: context.uuid(),
    isRoomsCall: false,
  };
}

function participant(context: SampleContext) {
  return { ...call(context), user: caller(context), displayName: 'Bob', participantId: context.uuid(), userAgent: 'sample/1.0' };
}

function recording(context: SampleContext) {
  const document = `0-sample-${context.uuid()}`;
  const location = `https://storage.example.com/v1/objects/${document}`;
  return {
    recordingStorageInfo: {
      recordingChunks: [
        {
          documentId: document,
          index: 0,
          endReason: 'SessionEnded',
          contentLocation: `${location}/content/video`,
          metadataLocation: `${location}/content/acsmetadata`,
          deleteLocation: location,
        },
      ],
    },
    recordingStartTime: isoAt(context, -DURATION_MS),
    recordingDurationMs: DURATION_MS,
    recordingContentType: 'AudioVideo',
    recordingChannelType: 'Mixed',
    recordingFormatType: 'Mp4',
    sessionEndReason: 'CallEnded',
  };
}

export const CALLING_SAMPLES: Readonly<Record<string, Sample>> = {
  IncomingCall: (context) => ({
    to: caller(context).communicationIdentifier,
    from: caller(context).communicationIdentifier,
    serverCallId: call(context).serverCallId,
    callerDisplayName: 'Ann',
    incomingCallContext: Buffer.from(`incoming ${context.uuid()}`).toString('base64url'),
    correlationId: context.uuid(),
    customContext: { sipHeaders: {}, voipHeaders: { department: 'sales' } },
  }),
  CallStarted: call,
  CallEnded: (context) => {
    const started = call(context);
    return {
      ...started,
      endedBy: { communicationIdentifier: started.startedBy.communicationIdentifier, type: 'Participant', name: 'Ann' },
      reason: { code: 0, subCode: 0, phrase: 'Call ended by its last participant' },
      callDurationInSeconds: DURATION_MS / 1_000,
    };
  },
  CallParticipantAdded: participant,
  CallParticipantRemoved: participant,
  RecordingFileStatusUpdated: recording,
};
