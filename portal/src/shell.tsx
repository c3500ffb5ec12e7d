import { Link, Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import icon from './icon.svg';
import { linkTo, pages } from './router.ts';

const onBrand = tokens.colorNeutralForegroundOnBrand;
const useStyles = makeStyles({
  header: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalL,
    minHeight: '48px',
    padding: `0 ${tokens.spacingHorizontalXL}`,
    backgroundColor: tokens.colorBrandBackground,
    color: onBrand,
    '@media (max-width: 480px)': { padding: `0 ${tokens.spacingHorizontalS}`, gap: tokens.spacingHorizontalXS },
  },
  brand: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    color: onBrand,
    ':hover': { color: onBrand, textDecorationLine: 'none' },
    ':hover:active': { color: onBrand, textDecorationLine: 'none' },
  },
  name: { '@media (max-width: 460px)': { display: 'none' } },
  logo: {
    width: '24px',
    height: '24px',
    borderRadius: tokens.borderRadiusMedium,
    outline: `1px solid ${tokens.colorNeutralStrokeOnBrand2}`,
  },
  nav: {
    display: 'flex',
    flexGrow: 1,
    gap: tokens.spacingHorizontalXS,
    height: '48px',
    // A narrow window scrolls it and not the page.
    minWidth: 0,
    overflowX: 'auto',
    scrollbarWidth: 'none',
    '@media (max-width: 480px)': { gap: 0 },
  },
  item: {
    display: 'flex',
    flexShrink: 0,
    alignItems: 'center',
    padding: `0 ${tokens.spacingHorizontalM}`,
    borderBottom: '3px solid transparent',
    borderTop: '3px solid transparent',
    whiteSpace: 'nowrap',
    color: onBrand,
    ':hover': { color: onBrand, backgroundColor: tokens.colorBrandBackgroundHover, textDecorationLine: 'none' },
    ':hover:active': { color: onBrand, textDecorationLine: 'none' },
    '@media (max-width: 480px)': { padding: `0 ${tokens.spacingHorizontalSNudge}` },
  },
  current: { borderBottomColor: onBrand, fontWeight: tokens.fontWeightSemibold },
  main: {
    maxWidth: '1200px',
    margin: '0 auto',
    padding: tokens.spacingHorizontalXL,
    '@media (max-width: 480px)': { padding: tokens.spacingHorizontalM },
  },
});

interface ShellProps {
  /** Path of the current page; undefined hides the navigation (nobody is signed in). */
  readonly path: string | undefined;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** Header with product name and navigation, and the page below it. */
export function Shell({ path, action, children }: ShellProps): ReactNode {
  const styles = useStyles();
  return (
    <>
      <header className={styles.header}>
        <Link {...linkTo(pages.home)} className={styles.brand} aria-label="Switchboard, overview">
          <img src={icon} alt="" className={styles.logo} />
          <Text size={400} weight="semibold" className={styles.name}>
            Switchboard
          </Text>
        </Link>
        <nav className={styles.nav} aria-label="Main">
          {path !== undefined && (
            <>
              <NavItem to={pages.home} title="Home" path={path} />
              <NavItem to={pages.requests} title="Requests" path={path} />
              <NavItem to={pages.events} title="Events" path={path} />
              <NavItem to={pages.chat} title="Chat" path={path} />
              <NavItem to={pages.tryChat} title="Try chat" path={path} />
            </>
          )}
        </nav>
        {action}
      </header>
      <main className={styles.main}>{children}</main>
    </>
  );
}

function NavItem({ to, title, path }: { readonly to: string; readonly title: string; readonly path: string }): ReactNode {
  const styles = useStyles();
  const current = to === path;
  return (
    <Link {...linkTo(to)} className={mergeClasses(styles.item, current && styles.current)} {...(current && { 'aria-current': 'page' })}>
      {title}
    </Link>
  );
}
