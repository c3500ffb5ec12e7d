import { Type } from 'typebox';
import { type EventType, eventType } from './event-type.ts';
import { flag, number, optional, text, texts, time } from './shapes.ts';

const place = { jobId: text, channelReference: text, channelId: text };
const job = { ...place, queueId: optional(text), labels: texts, tags: texts };
const assigned = { ...job, assignmentId: text, workerId: text };

const Selector = Type.Object({
  key: text,
  labelOperator: text,
  /** Text, number or boolean. */
  value: Type.Unknown(),
  ttlSeconds: number,
  state: text,
  expirationTime: time,
});
const selectors = Type.Array(Selector);
const Queue = Type.Object({ id: text, name: text, labels: texts });
const RouterError = Type.Object({
  code: text,
  message: text,
  target: text,
  innererror: optional(Type.Unknown()),
  details: Type.Array(Type.Unknown()),
});

const worker = {
  workerId: text,
  queueAssignments: Type.Array(Queue),
  channelConfigurations: Type.Array(Type.Object({ channelId: text, capacityCostPerJob: number, maxNumberOfJobs: number })),
  totalCapacity: number,
  labels: texts,
  tags: texts,
};
const offer = { ...place, workerId: text, queueId: text, offerId: text };
const offeredJob = { jobPriority: number, workerLabels: texts, workerTags: texts, jobLabels: texts, jobTags: texts };

const JOB = 'job/{jobId}/channel/{channelId}';
const ASSIGNED = `${JOB}/assignment/{assignmentId}`;
const WORKER = 'worker/{workerId}';
const OFFER = `${WORKER}/job/{jobId}`;

/** Events of the job router. */
export const ROUTER_EVENTS: readonly EventType[] = [
  eventType({
    name: 'RouterJobReceived',
    description: 'A job was submitted.',
    subject: JOB,
    data: Type.Object({
      ...job,
      jobStatus: optional(text),
      classificationPolicyId: optional(text),
      priority: optional(number),
      requestedWorkerSelectors: optional(selectors),
      scheduledOn: optional(time),
      unavailableForMatching: flag,
    }),
  }),
  eventType({
    name: 'RouterJobClassified',
    description: 'A job was classified.',
    subject: `${JOB}/queue/{queueId}`,
    data: Type.Object({
      ...job,
      queueDetails: optional(Queue),
      classificationPolicyId: text,
      priority: number,
      attachedWorkerSelectors: selectors,
    }),
  }),
  eventType({
    name: 'RouterJobClassificationFailed',
    description: 'A job could not be classified.',
    subject: `${JOB}/classificationpolicy/{classificationPolicyId}`,
    data: Type.Object({ ...job, classificationPolicyId: text, errors: Type.Array(RouterError) }),
  }),
  eventType({
    name: 'RouterJobQueued',
    description: 'A job was queued.',
    subject: `${JOB}/queue/{queueId}`,
    data: Type.Object({ ...job, priority: number, attachedWorkerSelectors: selectors, requestedWorkerSelectors: selectors }),
  }),
  eventType({
    name: 'RouterJobWaitingForActivation',
    description: 'A scheduled job waits to be activated.',
    subject: JOB,
    data: Type.Object({
      ...job,
      priority: optional(number),
      expiredAttachedWorkerSelectors: optional(selectors),
      expiredRequestedWorkerSelectors: optional(selectors),
      scheduledOn: optional(time),
      unavailableForMatching: flag,
    }),
  }),
  eventType({
    name: 'RouterJobSchedulingFailed',
    description: 'A scheduled job failed.',
    subject: JOB,
    data: Type.Object({
      ...job,
      priority: number,
      expiredAttachedWorkerSelectors: selectors,
      expiredRequestedWorkerSelectors: selectors,
      scheduledOn: time,
      failureReason: text,
    }),
  }),
  eventType({
    name: 'RouterJobWorkerSelectorsExpired',
    description: 'Selectors of a job expired.',
    subject: `${JOB}/queue/{queueId}`,
    data: Type.Object({ ...job, expiredRequestedWorkerSelectors: selectors, expiredAttachedWorkerSelectors: selectors }),
  }),
  eventType({
    name: 'RouterJobExceptionTriggered',
    description: 'An exception rule of a job was triggered.',
    subject: `${JOB}/exceptionrule/{ruleKey}`,
    data: Type.Object({ ...job, ruleKey: text, exceptionRuleId: text }),
  }),
  eventType({
    name: 'RouterJobUnassigned',
    description: 'A job was taken from its worker.',
    subject: ASSIGNED,
    data: Type.Object(assigned),
  }),
  eventType({ name: 'RouterJobCompleted', description: 'A job was completed.', subject: ASSIGNED, data: Type.Object(assigned) }),
  eventType({
    name: 'RouterJobClosed',
    description: 'A job was closed.',
    subject: ASSIGNED,
    data: Type.Object({ ...assigned, dispositionCode: text }),
  }),
  eventType({
    name: 'RouterJobCancelled',
    description: 'A job was cancelled.',
    subject: `${JOB}/disposition/{dispositionCode}`,
    data: Type.Object({ ...job, note: text, dispositionCode: text }),
  }),
  eventType({ name: 'RouterJobDeleted', description: 'A job was deleted.', subject: JOB, data: Type.Object(job) }),
  eventType({
    name: 'RouterWorkerOfferIssued',
    description: 'A job was offered to a worker.',
    subject: OFFER,
    data: Type.Object({ ...offer, ...offeredJob, offeredOn: time, expiresOn: time }),
  }),
  eventType({
    name: 'RouterWorkerOfferAccepted',
    description: 'A worker accepted an offer.',
    subject: OFFER,
    data: Type.Object({ ...offer, ...offeredJob, assignmentId: text }),
  }),
  eventType({
    name: 'RouterWorkerOfferDeclined',
    description: 'A worker declined an offer.',
    subject: OFFER,
    data: Type.Object(offer),
  }),
  eventType({ name: 'RouterWorkerOfferRevoked', description: 'An offer was taken back.', subject: OFFER, data: Type.Object(offer) }),
  eventType({ name: 'RouterWorkerOfferExpired', description: 'An offer expired.', subject: OFFER, data: Type.Object(offer) }),
  eventType({ name: 'RouterWorkerRegistered', description: 'A worker registered.', subject: WORKER, data: Type.Object(worker) }),
  eventType({
    name: 'RouterWorkerUpdated',
    description: 'A worker was changed.',
    subject: WORKER,
    data: Type.Object({ ...worker, updatedWorkerProperties: Type.Array(text) }),
  }),
  eventType({
    name: 'RouterWorkerDeregistered',
    description: 'A worker deregistered.',
    subject: WORKER,
    data: Type.Object({ workerId: text }),
  }),
  eventType({
    name: 'RouterWorkerDeleted',
    description: 'A worker was deleted.',
    subject: WORKER,
    data: Type.Object({ ...place, workerId: text }),
  }),
];
