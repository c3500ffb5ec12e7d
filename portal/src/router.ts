import { useSyncExternalStore } from 'react';
import type { MouseEvent } from 'react';

/** The portal's pages; the server answers every one of them with index.html. */
export const pages = { home: '/portal/', tryChat: '/portal/try/chat' } as const;

/** The path shown in the address bar, following both links and the back button. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => window.removeEventListener('popstate', listener);
}

/** Props of a link that changes the page without a reload, yet still opens in a new tab on request. */
export function linkTo(path: string): { href: string; onClick: (event: MouseEvent) => void } {
  return {
    href: path,
    onClick: (event) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      if (path === location.pathname) return;
      history.pushState(null, '', path);
      window.dispatchEvent(new PopStateEvent('popstate'));
      window.scrollTo(0, 0);
    },
  };
}
