import { Type } from 'typebox';
import { absent } from '../common.ts';
import { operation } from '../operation.ts';
import { admin } from './admin.ts';

const Clock = Type.Object({ kind: Type.String(), now: Type.String() });

export const getClock = operation({
  ...admin,
  id: 'Admin_GetClock',
  method: 'GET',
  path: '/admin/clock',
  summary: 'Gets the time as the server sees it',
  responses: { 200: Clock },
});

export const advanceClock = operation({
  ...admin,
  id: 'Admin_AdvanceClock',
  method: 'POST',
  path: '/admin/clock:advance',
  summary: 'Moves a virtual clock forward; answers when all work due by then has run',
  body: Type.Object({ by: absent(Type.String({ maxLength: 64 })), to: absent(Type.String({ maxLength: 64 })) }),
  responses: { 200: Clock },
});

export const setClock = operation({
  ...admin,
  id: 'Admin_SetClock',
  method: 'POST',
  path: '/admin/clock:set',
  summary: 'Sets a virtual clock, backwards too',
  body: Type.Object({ to: Type.String({ maxLength: 64 }) }),
  responses: { 200: Clock },
});
