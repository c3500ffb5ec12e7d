export { CallGroup } from './call-group.ts';
export { CallFailure, type FailureReason } from './call-failure.ts';
export { EgressPolicy } from './egress-policy.ts';
export { type HttpAnswer, HttpClient, type OutgoingRequest, type Sender } from './http-client.ts';
