import { webDarkTheme, webLightTheme } from '@fluentui/react-components';
import type { Theme } from '@fluentui/react-components';
import { useSyncExternalStore } from 'react';

const darkQuery = window.matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void): () => void {
  darkQuery.addEventListener('change', listener);
  return () => darkQuery.removeEventListener('change', listener);
}

/** The Fluent theme that matches the system's light or dark setting, and follows it. */
export function useSystemTheme(): Theme {
  return useSyncExternalStore(subscribe, () => darkQuery.matches) ? webDarkTheme : webLightTheme;
}
