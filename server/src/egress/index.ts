export { CallFailure, type FailureReason } from './call-failure.ts';
export { type Egress, EgressError, EgressPolicy } from './egress-policy.ts';
export { type HttpAnswer, HttpClient, type OutgoingRequest } from './http-client.ts';
