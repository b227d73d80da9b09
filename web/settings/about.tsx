import { apiUrl, trpc } from '../api.ts';
import { useConnection } from '../live/hooks.ts';
import { Panel } from '../ui/panel.tsx';

const DOCS = [
  { href: '/docs/api', label: 'API reference' },
  { href: '/docs/asyncapi.json', label: 'AsyncAPI document' },
  // Of all that is in the app; the build writes it.
  { href: '/licenses.txt', label: 'Licences' },
];

/** What the page is connected to, and where to read about it. */
export function About() {
  const { gaps, repairs } = useConnection();
  const server = trpc.contract.useQuery(undefined, { staleTime: Infinity }).data?.hash;
  return (
    <Panel title="Connection">
      <dl className="panel-body sums connection">
        <div>
          <dt>API</dt>
          <dd className="figure connection-value">{apiUrl(location)}</dd>
        </div>
        <div>
          <dt>Contract</dt>
          <dd className="figure connection-value" title={server}>
            {server === undefined ? '…' : shortHash(server)}
          </dd>
        </div>
        <div>
          <dt>Views loaded anew</dt>
          <dd className="figure">{gaps + repairs}</dd>
        </div>
        <div>
          <dt>Documentation</dt>
          <dd className="connection-links">
            {DOCS.map(({ href, label }) => (
              <a key={href} href={href}>
                {label}
              </a>
            ))}
          </dd>
        </div>
      </dl>
    </Panel>
  );
}

/** A page of another contract is not let in by the server, so the two are the same. */
const shortHash = (hash: string): string => hash.slice(0, 12);
