import './portfolio.css';
import type { ReactNode } from 'react';
import type { AccountView } from '../../shared/platform-schemas.ts';
import { useAccount } from '../live/hooks.ts';
import { boardPath, pagePath } from '../router.ts';
import { useSession } from '../services.ts';
import { useSignIn } from '../shell/use-sign-in.ts';
import { Link } from '../ui/link.tsx';
import { Empty, Panel, Problem } from '../ui/panel.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useTitle } from '../ui/use-title.ts';
import { FAUCET_TEXT, useFaucet } from '../wallet/use-faucet.ts';
import { Fills } from './fills.tsx';
import { Holdings } from './holdings.tsx';
import { PortfolioHead } from './portfolio-head.tsx';
import { Stakes } from './stakes.tsx';
import { useValuation } from './use-valuation.ts';
import { VaultShares } from './vault-shares.tsx';

/** All that the signed-in wallet has, live, and what it is worth. */
export function PortfolioPage() {
  const { kind } = useSession();
  const { view, status, retry } = useAccount();
  useTitle('Portfolio');
  if (kind !== 'signed_in') {
    return (
      <Untold>
        <SignedOut isSigningIn={kind === 'signing_in'} />
      </Untold>
    );
  }
  if (view !== null) return <Account account={view} />;
  return (
    <Untold>
      {status.kind === 'ended' ? (
        <Problem what="Your portfolio" detail={status.error.message} onRetry={retry} />
      ) : (
        <SkeletonRows rows={12} label="Loading your portfolio" />
      )}
    </Untold>
  );
}

/** The page while there is nothing to tell of a wallet. */
function Untold({ children }: { readonly children: ReactNode }) {
  return (
    <main id="main" className="portfolio">
      <h1 className="visually-hidden">Portfolio</h1>
      <Panel title="Portfolio">{children}</Panel>
    </main>
  );
}

function SignedOut({ isSigningIn }: { readonly isSigningIn: boolean }) {
  const signIn = useSignIn();
  return (
    <>
      <Empty title="Nobody is signed in">
        Sign in to see what your wallet holds, what it has gained, and what it can claim.
      </Empty>
      <p className="empty-ways">
        <button type="button" className="button button-primary" disabled={isSigningIn} onClick={signIn}>
          {isSigningIn ? 'Confirm it in your wallet' : 'Sign in to see it'}
        </button>
      </p>
    </>
  );
}

function Account({ account }: { readonly account: AccountView }) {
  const valuation = useValuation(account);
  const { open, closed, stakes, vaults } = valuation;
  const { fills } = account;
  const hasSide = stakes.length > 0 || vaults.length > 0;
  return (
    <main id="main" className="portfolio">
      <PortfolioHead valuation={valuation} />
      <div className="portfolio-columns" data-side={hasSide}>
        <div className="portfolio-main">
          <Panel title="Holdings" aside={<Count of={open.length} />}>
            {open.length === 0 && <NothingHeld sol={account.sol} />}
            <Holdings open={open} closed={closed} />
          </Panel>
          {fills.length > 0 && (
            <Panel title="Trades">
              <Fills fills={fills} />
            </Panel>
          )}
        </div>
        {hasSide && (
          <div className="portfolio-side">
            {stakes.length > 0 && (
              <Panel title="Stakes">
                <Stakes stakes={stakes} />
              </Panel>
            )}
            {vaults.length > 0 && (
              <Panel title="Vault shares">
                <VaultShares vaults={vaults} />
              </Panel>
            )}
          </div>
        )}
      </div>
    </main>
  );
}

const Count = ({ of: count }: { readonly of: number }) =>
  count > 0 && <span className="figure muted">{count}</span>;

function NothingHeld({ sol }: { readonly sol: bigint }) {
  const takeSol = useFaucet();
  const hasNothing = sol === 0n;
  return (
    <>
      <Empty title="No tokens yet">
        {hasNothing
          ? 'What you buy appears here. The faucet gives you paper SOL to begin with.'
          : 'What you buy appears here, with its value and its gain.'}
      </Empty>
      <p className="empty-ways">
        {hasNothing && (
          <button type="button" className="button button-primary" onClick={takeSol}>
            Get {FAUCET_TEXT}
          </button>
        )}
        <Link className="button" href={boardPath()}>
          See all agents
        </Link>
        <Link className="button" href={pagePath('vaults')}>
          See the vaults
        </Link>
      </p>
    </>
  );
}
