export { ClockControl } from './clock-control.ts';
export { registerPortal } from './portal-files.ts';
export { registerAdminRoutes, type ServerStatus } from './routes.ts';
