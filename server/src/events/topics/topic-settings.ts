import type { InputSchema, InputSchemaMapping, TopicInput, TopicPatch } from '@switchboard/contract';
import { customTopicErrors } from './errors.ts';
import type { CustomTopic } from './topic.ts';

/** What callers may say of a topic. Each check throws an ApiError 400 that names what is wrong. */

const NAME = /^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/;
const LOCATION = /^[a-z0-9]{2,40}$/;
const DEFAULT_LOCATION = 'local';

export function topicNameOf(text: string): string {
  const name = text.toLowerCase();
  if (!NAME.test(name)) throw customTopicErrors.invalid('name', 'must have 3 to 50 letters, digits and inner hyphens');
  return name;
}

export type TopicSettings = Omit<CustomTopic, 'id' | 'name' | 'createdAtMs' | 'key1' | 'key2'>;

/** What a topic is to be; what cannot change is taken from the one there is. */
export function settingsOf({ location, tags, properties }: TopicInput, current?: CustomTopic): TopicSettings {
  const inputSchema = schemaOf(properties?.inputSchema, current);
  const mapping = mappingOf(inputSchema, properties?.inputSchemaMapping ?? current?.mapping);
  return {
    inputSchema,
    location: locationOf(location ?? current?.location ?? DEFAULT_LOCATION),
    ...(mapping === undefined ? {} : { mapping }),
    ...changesOf({ tags: tags ?? null, properties: properties ?? null }, { disableLocalAuth: false }),
  };
}

function schemaOf(wanted: InputSchema | null | undefined, current: CustomTopic | undefined): InputSchema {
  if (current === undefined) return wanted ?? 'EventGridSchema';
  if (wanted && wanted !== current.inputSchema)
    throw customTopicErrors.invalid('properties.inputSchema', `is ${current.inputSchema} and cannot be changed; make another topic`);
  return current.inputSchema;
}

type Changeable = Pick<CustomTopic, 'disableLocalAuth' | 'dataResidencyBoundary' | 'tags'>;

/** What a change leaves of a topic; what is left out stays. */
export function changesOf({ tags, properties }: TopicPatch, current: Changeable): Changeable {
  const { publicNetworkAccess, inboundIpRules, disableLocalAuth, dataResidencyBoundary } = properties ?? {};
  if (publicNetworkAccess && publicNetworkAccess.toLowerCase() !== 'enabled')
    throw customTopicErrors.unsupported('properties.publicNetworkAccess', 'only Enabled is, since there is no private network');
  if (inboundIpRules && inboundIpRules.length > 0)
    throw customTopicErrors.unsupported('properties.inboundIpRules', 'restrict addresses at the network instead');
  const boundary = dataResidencyBoundary ?? current.dataResidencyBoundary;
  return {
    disableLocalAuth: disableLocalAuth ?? current.disableLocalAuth,
    ...(boundary === undefined ? {} : { dataResidencyBoundary: boundary }),
    ...(tags ? { tags } : current.tags === undefined ? {} : { tags: current.tags }),
  };
}

/** With and without spaces, as clients write them: `West US 2` is `westus2`. */
function locationOf(text: string): string {
  const location = text.toLowerCase().replaceAll(' ', '');
  if (!LOCATION.test(location)) throw customTopicErrors.invalid('location', 'must be letters and digits, such as westus2');
  return location;
}

function mappingOf(schema: InputSchema, mapping: InputSchemaMapping | null | undefined): InputSchemaMapping | undefined {
  const target = 'properties.inputSchemaMapping';
  if (schema !== 'CustomEventSchema') {
    if (mapping) throw customTopicErrors.invalid(target, 'goes with the inputSchema CustomEventSchema alone');
    return undefined;
  }
  if (!mapping) throw customTopicErrors.invalid(target, 'is required for the inputSchema CustomEventSchema');
  if (mapping.inputSchemaMappingType.toLowerCase() !== 'json')
    throw customTopicErrors.invalid(`${target}.inputSchemaMappingType`, 'must be Json');
  const { eventType, subject, dataVersion } = mapping.properties ?? {};
  for (const [name, field] of Object.entries({ eventType, subject, dataVersion }))
    if (!field?.sourceField && !field?.defaultValue)
      throw customTopicErrors.invalid(`${target}.properties.${name}`, 'needs a sourceField, a defaultValue, or both');
  return mapping;
}
