/**
 * `node --import @switchboard/chat-node app.mjs`: live events of the unmodified `@azure/communication-chat` in Node.
 *
 * Microsoft ships a browser build whose `startRealtimeNotifications()` works and a Node build whose one throws. This
 * chooses the browser build for that one package, and gives it the few browser globals that its signalling reads. Every
 * other package stays the Node build.
 */
import { registerHooks } from 'node:module';
import { installBrowserGlobals } from './browser-globals.mjs';

const PACKAGE = /^@azure\/communication-chat(?:$|\/|-)/;

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (!PACKAGE.test(specifier)) return nextResolve(specifier, context);
    return nextResolve(specifier, { ...context, conditions: ['browser', ...context.conditions] });
  },
});

installBrowserGlobals();
