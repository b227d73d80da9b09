import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { useServices } from '../services.ts';
import { Link } from './link.tsx';

/** Shows the toasts. It is always in the page, so that screen readers hear what comes into it. */
export function Toaster() {
  const { toasts } = useServices();
  const shown = useSyncExternalStore(toasts.subscribe, toasts.get);
  return (
    <section
      className="toasts"
      aria-label="Notices"
      aria-live="polite"
      onPointerEnter={toasts.hold}
      onPointerLeave={toasts.release}
      onFocus={toasts.hold}
      onBlur={toasts.release}
    >
      {shown.map(({ id, tone, title, detail, link }) => (
        <div key={id} className="toast" data-tone={tone}>
          <span className="toast-mark" aria-hidden="true" />
          <div className="toast-body">
            <p className="toast-title">{title}</p>
            {detail !== undefined && <p className="toast-detail">{detail}</p>}
            {link !== undefined && (
              <Link className="toast-link" href={link.href}>
                {link.label}
              </Link>
            )}
          </div>
          <button
            type="button"
            className="icon-button"
            aria-label="Dismiss"
            onClick={() => toasts.dismiss(id)}
          >
            <X size={16} aria-hidden="true" />
          </button>
        </div>
      ))}
    </section>
  );
}
