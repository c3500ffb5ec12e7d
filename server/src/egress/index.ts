export { type Egress, EgressError, EgressPolicy } from './egress-policy.ts';
export { CallFailure, type HttpAnswer, HttpClient, type OutgoingRequest } from './http-client.ts';
