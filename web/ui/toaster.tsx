import './toaster.css';
import { X } from 'lucide-react';
import { type FocusEvent, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { useRoute, useServices } from '../services.ts';
import { Link } from './link.tsx';

/** Shows the toasts, above dialogs too. It is always in the page, so that screen readers hear what comes into it. */
export function Toaster() {
  const { toasts } = useServices();
  const shown = useSyncExternalStore(toasts.subscribe, toasts.get);
  // Nobody is sent to where they are.
  const here = useHere();
  const section = useRef<HTMLElement>(null);
  const newest = shown.at(-1)?.id ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a dialog may have come above it before each new one
  useLayoutEffect(() => raise(section.current), [newest]);
  const onFocus = ({ target }: FocusEvent<HTMLElement>): void => {
    // Focus that a click left behind must not hold them for good.
    if (target.matches(':focus-visible')) toasts.hold('focus');
  };
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>): void => {
    if (!currentTarget.contains(relatedTarget)) toasts.release('focus');
  };
  const dismiss = (id: number): void => {
    toasts.dismiss(id);
    // A button that is taken out of the page loses the focus without a word.
    toasts.release('focus');
  };
  return (
    <section
      ref={section}
      className="toasts"
      popover="manual"
      aria-label="Notices"
      aria-live="polite"
      onPointerEnter={() => toasts.hold('pointer')}
      onPointerLeave={() => toasts.release('pointer')}
      onFocus={onFocus}
      onBlur={onBlur}
    >
      {shown.map(({ id, tone, title, detail, link }) => (
        <div key={id} className="toast" data-tone={tone}>
          <span className="toast-mark" aria-hidden="true" />
          <div className="toast-body">
            <p className="toast-title">{title}</p>
            {detail !== undefined && <p className="toast-detail">{detail}</p>}
            {link !== undefined && link.href !== here && (
              <Link className="toast-link" href={link.href}>
                {link.label}
              </Link>
            )}
          </div>
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <X size={16} aria-hidden="true" />
          </button>
        </div>
      ))}
    </section>
  );
}

/** The path of the page that is shown. */
function useHere(): string {
  useRoute();
  return location.pathname;
}

/** Puts it on top of what was opened since. Where there are no popovers it stays where the page has it. */
function raise(section: HTMLElement | null): void {
  if (section === null || typeof section.showPopover !== 'function') return;
  if (section.matches(':popover-open')) {
    // Shown again it would move again; only a dialog can have come above it.
    if (document.querySelector('dialog[open]') === null) return;
    section.hidePopover();
  }
  section.showPopover();
}
