import { useMemo, useSyncExternalStore } from 'react';
import type { MouseEvent } from 'react';

/** The portal's pages; the server answers every one of them with index.html. */
export const pages = {
  home: '/portal/',
  requests: '/portal/requests',
  events: '/portal/events',
  chat: '/portal/chat',
  tryChat: '/portal/try/chat',
} as const;

/** The path shown in the address bar, following both links and the back button. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

/** The query shown in the address bar. Ids stand there and not in the path: those of threads look like names of files. */
export function useQuery(): URLSearchParams {
  const search = useSyncExternalStore(subscribe, () => location.search);
  return useMemo(() => new URLSearchParams(search), [search]);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => window.removeEventListener('popstate', listener);
}

/** An address within the portal; parameters without a value are left out. */
export function addressOf(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined && value !== '') query.set(name, value);
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Shows another page; with `replace` the back button does not lead here again. */
export function navigate(address: string, options: { readonly replace?: boolean } = {}): void {
  if (address === location.pathname + location.search) return;
  if (options.replace === true) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/** Props of a link that changes the page without a reload, yet still opens in a new tab on request. */
export function linkTo(address: string): { href: string; onClick: (event: MouseEvent) => void } {
  return {
    href: address,
    onClick: (event) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      const isOtherPage = new URL(address, location.href).pathname !== location.pathname;
      navigate(address);
      if (isOtherPage) window.scrollTo(0, 0);
    },
  };
}
