import { Type } from 'typebox';
import { operation } from '../operation.ts';
import { query, user } from './requests.ts';

/** Not in the published definition: tells the SDK where its live connection goes. */
export const getRealTimeConfig = operation({
  ...user,
  id: 'Chat_GetRealTimeNotificationsConfig',
  method: 'GET',
  path: '/chat/config/realTimeNotifications',
  summary: 'Gets the addresses of the live-push services',
  query,
  responses: { 200: Type.Object({ trouterServiceUrl: Type.String(), registrarServiceUrl: Type.String(), cloudType: Type.String() }) },
});
