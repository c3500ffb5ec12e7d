/** Where every resource of this server lies, until resources have subscriptions and groups of their own. */
export const LOCAL_SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
export const LOCAL_GROUP = 'local';
const GROUP_PATH = `/subscriptions/${LOCAL_SUBSCRIPTION}/resourceGroups/${LOCAL_GROUP}`;

const PROVIDERS = {
  topics: 'Microsoft.EventGrid/topics',
  systemTopics: 'Microsoft.EventGrid/systemTopics',
  // As events of the service spell it.
  communicationServices: 'microsoft.communication/communicationservices',
} as const;

/** ARM id of a resource. */
export function armIdOf(kind: keyof typeof PROVIDERS, name: string): string {
  return `${GROUP_PATH}/providers/${PROVIDERS[kind]}/${name}`;
}
