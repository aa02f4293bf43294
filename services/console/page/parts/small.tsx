import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useZone } from '../preferences.ts';
import { clock, offset, relative } from '../times.ts';

/** Severity, verdict and state say the same by word, by shape and by colour. */
export function Severity({ of }: { of: string }) {
  return <span class={`badge ${['page', 'ticket', 'info'].includes(of) ? of : ''}`}>{of}</span>;
}

export function Tag({ tone = '', children }: { tone?: string; children: ComponentChildren }) {
  return <span class={`tag ${tone}`}>{children}</span>;
}

/** A moment, in the zone that the reader chose. */
export function Time({ at }: { at: number }) {
  const zone = useZone();
  return (
    <time dateTime={new Date(at).toISOString()}>
      {clock(at, zone)} <span class="zone">{offset(at, zone)}</span>
    </time>
  );
}

/** A moment, and how long ago or ahead that is. */
export function Moment({ at }: { at: number }) {
  return (
    <>
      <Time at={at} /> <span class="soft ago">{relative(at, Date.now())}</span>
    </>
  );
}

/** How long ago, with the moment under it. */
export function Age({ at, now }: { at: number; now: number }) {
  return (
    <span class="age">
      <b>{relative(Math.min(at, now), now)}</b> <Time at={at} />
    </span>
  );
}

/** Scrolls sideways by itself on a narrow screen, by keyboard too. */
export function Scroll({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
    <section class="scroll" aria-label={name} tabIndex={0}>
      {children}
    </section>
  );
}

interface TableProps {
  name: string;
  heads: readonly string[];
  /** Those of the heads that stand over numbers. */
  numbers?: readonly string[];
  children: ComponentChildren;
}

export function Table({ name, heads, numbers = [], children }: TableProps) {
  return (
    <Scroll name={`Table: ${name}`}>
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col" class={numbers.includes(head) ? 'number' : ''}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scroll>
  );
}

/** The next page of a list; null: there is none. */
export function More({ more }: { more: (() => void) | null }) {
  return more === null ? null : (
    <button type="button" onClick={more}>
      Show more
    </button>
  );
}

/** What is missing or out of date, where it was to be seen. */
export function Trouble({ error }: { error: string | null }) {
  return error === null ? null : (
    <p class="trouble" role="alert">
      Not up to date: {error}
    </p>
  );
}

export function Copy({ text, what }: { text: string; what: string }) {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      // Without https a browser has no clipboard for pages other than those of the loopback.
      setSaid('The browser does not allow it: select the text by hand');
    }
  };
  return (
    <p class="copy">
      <button type="button" onClick={() => void copy()}>
        Copy {what}
      </button>{' '}
      <span role="status">{said}</span>
    </p>
  );
}

export function Code({ name, children }: { name: string; children: string }) {
  return (
    <Scroll name={name}>
      <pre>{children}</pre>
    </Scroll>
  );
}

/** A link only to where a link may lead: `javascript:` and the like stay text. */
export function OutwardLink({ to, children }: { to: string; children: string }) {
  if (!/^https?:\/\//i.test(to)) return <span>{to === '' ? `no ${children}` : to}</span>;
  return (
    <a href={to} rel="noreferrer noopener" target="_blank">
      {children}
    </a>
  );
}
