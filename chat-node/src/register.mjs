/**
 * `node --import @switchboard/chat-node app.mjs`: live events of the unmodified `@azure/communication-chat` in Node.
 *
 * Its makers publish the client that does it for browsers and for React Native, and a Node build whose
 * `startRealtimeNotifications()` throws. This chooses a build that works, for that one package, and gives it the two browser
 * globals that its signalling reads. Every other package, and a program that never loads the SDK, sees no difference.
 */
import { registerHooks } from 'node:module';
import { installBrowserGlobals } from './browser-globals.mjs';

/** The package, also under an alias that begins with its name. */
const SDK = /^@azure\/communication-chat(?:$|[/-])/;
/** Version 1.5 has no conditions to choose by: one file serves Node and React Native, and asks the navigator which it is. */
const COMBINED_BUILD = /\/@azure\/communication-chat(?:-[^/]+)?\/dist\/index\.js$/;
/** In front of the file, where it hides the global of that name from that file alone. */
const REACT_NATIVE = '"use strict";const navigator=Object.freeze({product:"ReactNative"});';

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (!SDK.test(specifier)) return nextResolve(specifier, context);
    installBrowserGlobals();
    return nextResolve(specifier, { ...context, conditions: ['browser', ...context.conditions] });
  },

  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    return COMBINED_BUILD.test(url) ? { ...loaded, source: REACT_NATIVE + textOf(loaded.source) } : loaded;
  },
});

/** @param {import('node:module').ModuleSource | undefined | null} source */
function textOf(source) {
  if (source === undefined || source === null) throw new Error('@switchboard/chat-node: this Node does not hand the chat SDK to its hooks');
  return typeof source === 'string' ? source : Buffer.from(source).toString('utf8');
}
