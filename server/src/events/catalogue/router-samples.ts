import { isoAt, type Sample, type SampleContext } from './sample.ts';

const labels = { locale: 'en-us', segment: 'Enterprise' };
const tags = { source: 'sample' };
const CHANNEL = { channelReference: 'sample-reference', channelId: 'voice' };
const POLICY = { classificationPolicyId: 'sample-policy' };
const MINUTE_MS = 60_000;

function job(context: SampleContext) {
  return { jobId: context.uuid(), ...CHANNEL, queueId: context.uuid(), labels, tags };
}

function assigned(context: SampleContext) {
  return { ...job(context), assignmentId: context.uuid(), workerId: 'sample-worker' };
}

function selectors(context: SampleContext, state: 'active' | 'expired' = 'active') {
  const expirationTime = isoAt(context, state === 'active' ? MINUTE_MS : 0);
  return [{ key: 'skill', labelOperator: 'greaterThanOrEqual', value: 5, ttlSeconds: 60, state, expirationTime }];
}

function expiredSelectors(context: SampleContext) {
  const expired = selectors(context, 'expired');
  return { expiredAttachedWorkerSelectors: expired, expiredRequestedWorkerSelectors: expired };
}

function queue(id: string) {
  return { id, name: 'Sales', labels: { language: 'en' } };
}

function worker(context: SampleContext) {
  return {
    workerId: 'sample-worker',
    queueAssignments: [queue(context.uuid())],
    channelConfigurations: [{ channelId: CHANNEL.channelId, capacityCostPerJob: 10, maxNumberOfJobs: 5 }],
    totalCapacity: 100,
    labels,
    tags,
  };
}

function offer(context: SampleContext) {
  return { jobId: context.uuid(), ...CHANNEL, workerId: 'sample-worker', queueId: context.uuid(), offerId: context.uuid() };
}

function offeredJob() {
  return { jobPriority: 5, workerLabels: labels, workerTags: tags, jobLabels: labels, jobTags: tags };
}

export const ROUTER_SAMPLES: Readonly<Record<string, Sample>> = {
  RouterJobReceived: (context) => ({
    ...job(context),
    ...POLICY,
    jobStatus: 'PendingClassification',
    priority: 5,
    requestedWorkerSelectors: selectors(context),
    scheduledOn: isoAt(context),
    unavailableForMatching: false,
  }),
  RouterJobClassified: (context) => {
    const classified = job(context);
    const queueDetails = queue(classified.queueId);
    return { ...classified, ...POLICY, queueDetails, priority: 5, attachedWorkerSelectors: selectors(context) };
  },
  RouterJobClassificationFailed: (context) => ({
    ...job(context),
    ...POLICY,
    errors: [{ code: 'ClassificationFailed', message: 'The policy could not be evaluated.', target: 'sample-policy', details: [] }],
  }),
  RouterJobQueued: (context) => ({
    ...job(context),
    priority: 5,
    attachedWorkerSelectors: selectors(context),
    requestedWorkerSelectors: selectors(context),
  }),
  RouterJobWaitingForActivation: (context) => ({
    ...job(context),
    ...expiredSelectors(context),
    priority: 5,
    scheduledOn: isoAt(context),
    unavailableForMatching: false,
  }),
  RouterJobSchedulingFailed: (context) => ({
    ...job(context),
    ...expiredSelectors(context),
    priority: 5,
    scheduledOn: isoAt(context),
    failureReason: 'The job expired.',
  }),
  RouterJobWorkerSelectorsExpired: (context) => ({ ...job(context), ...expiredSelectors(context) }),
  RouterJobExceptionTriggered: (context) => ({ ...job(context), ruleKey: 'too-long', exceptionRuleId: context.uuid() }),
  RouterJobUnassigned: assigned,
  RouterJobCompleted: assigned,
  RouterJobClosed: (context) => ({ ...assigned(context), dispositionCode: 'Resolved' }),
  RouterJobCancelled: (context) => ({ ...job(context), note: 'The customer hung up.', dispositionCode: 'Cancelled' }),
  RouterJobDeleted: job,
  RouterWorkerOfferIssued: (context) => ({
    ...offer(context),
    ...offeredJob(),
    offeredOn: isoAt(context),
    expiresOn: isoAt(context, MINUTE_MS),
  }),
  RouterWorkerOfferAccepted: (context) => ({ ...offer(context), ...offeredJob(), assignmentId: context.uuid() }),
  RouterWorkerOfferDeclined: offer,
  RouterWorkerOfferRevoked: offer,
  RouterWorkerOfferExpired: offer,
  RouterWorkerRegistered: worker,
  RouterWorkerUpdated: (context) => ({ ...worker(context), updatedWorkerProperties: ['TotalCapacity'] }),
  RouterWorkerDeregistered: () => ({ workerId: 'sample-worker' }),
  RouterWorkerDeleted: (context) => ({ jobId: context.uuid(), ...CHANNEL, workerId: 'sample-worker' }),
};
