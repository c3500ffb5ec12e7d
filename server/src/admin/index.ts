export { ClockControl } from './clock-control.ts';
export { registerPortal } from './portal-files.ts';
export { registerAdminRoutes } from './routes/index.ts';
export { type NewState, StateControl } from './state-control.ts';
