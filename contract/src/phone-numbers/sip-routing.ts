import { type Static, Type } from 'typebox';
import { absent } from '../common.ts';
import { operation } from '../operation.ts';
import { numbers, VersionQuery } from './shapes.ts';

const Trunk = Type.Object({ sipSignalingPort: Type.Integer() });
const TrunkUpdate = Type.Object({ sipSignalingPort: absent(Type.Integer()) });

const Route = Type.Object({
  name: Type.String(),
  description: Type.Optional(Type.String()),
  numberPattern: Type.String(),
  trunks: Type.Array(Type.String()),
});
/** What may stand in them is refused in the words of the service, by the server. */
const RouteInput = Type.Object({
  name: Type.String(),
  description: absent(Type.String()),
  numberPattern: Type.String(),
  trunks: absent(Type.Array(Type.String())),
});

const SipConfiguration = Type.Object({
  /** By their fully qualified domain names. */
  trunks: Type.Unsafe<Record<string, Static<typeof Trunk>>>({ type: 'object', additionalProperties: Trunk }),
  routes: Type.Array(Route),
});
export type SipConfiguration = Static<typeof SipConfiguration>;

const SipConfigurationUpdate = Type.Object({
  /** Merged with those that are there; null removes. */
  trunks: absent(
    Type.Unsafe<Record<string, Static<typeof TrunkUpdate> | null>>({
      type: 'object',
      additionalProperties: { anyOf: [TrunkUpdate, { type: 'null' }] },
    }),
  ),
  /** In the place of those that are there. */
  routes: absent(Type.Array(RouteInput)),
});
export type SipConfigurationUpdate = Static<typeof SipConfigurationUpdate>;

export const getSipConfiguration = operation({
  ...numbers,
  id: 'SipRouting_Get',
  method: 'GET',
  path: '/sip',
  summary: 'Gets the SIP trunks of the resource, and which numbers go through them',
  query: VersionQuery,
  responses: { 200: SipConfiguration },
});

export const updateSipConfiguration = operation({
  ...numbers,
  id: 'SipRouting_Update',
  method: 'PATCH',
  path: '/sip',
  summary: 'Changes SIP trunks, and replaces the routes when some are given',
  query: VersionQuery,
  body: SipConfigurationUpdate,
  responses: { 200: SipConfiguration },
});
