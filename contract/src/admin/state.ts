import { Type } from 'typebox';
import { absent } from '../common.ts';
import { operation } from '../operation.ts';
import { admin } from './admin.ts';

const Snapshot = Type.Object({
  name: Type.String(),
  /** Real time. */
  savedAt: Type.String(),
  /** The clock at that moment. */
  clock: Type.Object({ kind: Type.String(), now: Type.String() }),
});

const SnapshotParams = Type.Object({ snapshotName: Type.String({ minLength: 1, maxLength: 64 }) });

export const resetState = operation({
  ...admin,
  id: 'Admin_Reset',
  method: 'POST',
  path: '/admin/reset',
  summary: 'Empties the server: everything is as after its first start, with the same keys',
  responses: { 204: null },
});

export const saveSnapshot = operation({
  ...admin,
  id: 'Admin_SaveSnapshot',
  method: 'POST',
  path: '/admin/snapshots',
  summary: 'Saves everything stored, and the time, under a name; `replace` allows to save over one',
  body: Type.Object({ name: Type.String({ maxLength: 64 }), replace: absent(Type.Boolean()) }),
  responses: { 201: Snapshot },
});

export const listSnapshots = operation({
  ...admin,
  id: 'Admin_ListSnapshots',
  method: 'GET',
  path: '/admin/snapshots',
  summary: 'Lists snapshots by name',
  responses: { 200: Type.Object({ value: Type.Array(Snapshot) }) },
});

export const restoreSnapshot = operation({
  ...admin,
  id: 'Admin_RestoreSnapshot',
  method: 'POST',
  path: '/admin/snapshots/{snapshotName}:restore',
  summary: 'Puts a snapshot in the place of everything stored; live clients connect again',
  params: SnapshotParams,
  responses: { 200: Snapshot },
});

export const deleteSnapshot = operation({
  ...admin,
  id: 'Admin_DeleteSnapshot',
  method: 'DELETE',
  path: '/admin/snapshots/{snapshotName}',
  summary: 'Deletes a snapshot',
  params: SnapshotParams,
  responses: { 204: null },
});
