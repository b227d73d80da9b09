import { anchors } from '../anchors.ts';
import { html, prose } from '../html.ts';
import { duration } from '../limit.ts';
import { code, heading, linkTo, type Section, table } from '../markup.ts';
import type { Reference } from '../reference.ts';
import { STATED } from '../stated.ts';

/** The typed client does all of it. */
export const TYPED_SIGN_IN = `import { createClient } from './shared/client/index.ts';
import { KeypairWallet }
  from './shared/wallet/keypair.ts';

const { client, session } = createClient({
  url: 'ws://localhost:3001/trpc',
});

// Whatever has wallet-standard's \`solana:signIn\`;
// here it is a key of one's own.
const wallet = KeypairWallet.random();
await session.signIn(wallet);

// Tokens are refreshed in time, and the connection
// speaks for the wallet across reconnects.
const { credit } = await client.faucet.mutate({
  clientOrderId: 'first-sol',
});

session.state.subscribe(() => {
  const state = session.state.get();
  // signed_in, signing_in, or signed_out and why
});

await session.signOut();`;

/** The same with a stock client, procedure by procedure. */
export const RAW_SIGN_IN = `import { createTRPCClient, httpLink } from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from './server/api/router.ts';
import { KeypairWallet }
  from './shared/wallet/keypair.ts';

let token: string | undefined;
const client = createTRPCClient<AppRouter>({
  links: [
    httpLink({
      url: 'http://localhost:3001/trpc',
      transformer: superjson,
      headers: () =>
        token === undefined
          ? {}
          : { authorization: \`Bearer \${token}\` },
    }),
  ],
});
const base64 = (bytes: Iterable<number>) =>
  btoa(String.fromCharCode(...bytes));

const wallet = KeypairWallet.random();
const { address } = wallet;
const challenge = await client.auth.challenge.mutate({
  address,
});
const signed = await wallet.signIn(challenge);
const tokens = await client.auth.signIn.mutate({
  account: {
    address,
    publicKey: base64(signed.account.publicKey),
  },
  signedMessage: base64(signed.signedMessage),
  signature: base64(signed.signature),
});
token = tokens.accessToken;
const { account } = await client.account.query();

// Before tokens.accessExpiresAt, with each one once:
const next = await client.auth.refresh.mutate({
  refreshToken: tokens.refreshToken,
});
token = next.accessToken;

await client.auth.logout.mutate({});`;

const HANDED_OVER = `ws://localhost:3001/trpc?connectionParams=1
→ {"method":"connectionParams",
   "data":{"token":"eyJhbGciOiJIUzI1NiIs…"}}

GET /trpc/account HTTP/1.1
Authorization: Bearer eyJhbGciOiJIUzI1NiIs…`;

const STEPS: readonly (readonly [title: string, text: string])[] = [
  [
    'Ask for a challenge',
    `\`auth.challenge\` gives what the wallet is to sign: the input of its \`solana:signIn\`, for the site that the page is from. It holds a nonce that can be used once, within ${duration(STATED.challengeMs)}.`,
  ],
  [
    'Have it signed',
    'The wallet shows the text and signs it, byte for byte. That costs nothing and sends no transaction. Without a wallet, a keypair signs the same text (Sign-In With Solana).',
  ],
  [
    'Sign in',
    '`auth.signIn` takes the text, the signature and the public key as base64 and opens a session. Whatever is wrong with them is answered with the same `UNAUTHORIZED`, and the challenge is used up.',
  ],
  [
    'Hand the access token over',
    'Over WebSocket in the connection params, `{ token }`; over HTTP in the header `Authorization: Bearer`. A connection that is open already speaks for the session after `auth.renew`.',
  ],
  [
    'Refresh it in time',
    `An access token is good for ${duration(STATED.accessMs)}. Before that, \`auth.refresh\` gives the next one, and a new refresh token: each is good once, and one that comes twice ends the session, since somebody else has it too. \`auth.renew\` tells the connection, and what is subscribed to goes on.`,
  ],
  [
    'Leave',
    `\`auth.logout\` ends the session, or all of the wallet; \`auth.revokeSession\` one of \`auth.sessions\`. By itself a session ends after ${duration(STATED.sessionMs)}.`,
  ],
];

const ENDS: readonly (readonly [what: string, subscriptions: string, connection: string])[] = [
  [
    'The access token expires',
    'end with `UNAUTHORIZED`, `data.session` `expired`, at that moment',
    "goes on as nobody's; after `auth.renew` they can be started again with their last ids",
  ],
  [
    'Another wallet signs in on the connection',
    'end with `UNAUTHORIZED`, `data.session` `replaced`',
    "goes on as the other's",
  ],
  [
    'The session is ended: logout, from another device, by a newer one, or a refresh token came twice',
    'end with `UNAUTHORIZED`, `data.session` `revoked`',
    'is closed with 4401, every connection of the session',
  ],
];

/** How a wallet proves itself, and what it has then. */
export function signingInSection({ sessionProblems }: Reference): Section {
  const id = anchors.section('signing-in');
  return {
    id,
    title: 'Signing in',
    entries: [],
    body: html`${heading(2, id, 'Signing in')}
<p class="lead">A wallet signs a text that the server has given it, and has a session for that: an access token to be shown, and a refresh token to get the next one
with. What is public needs neither.</p>
<div class="pair">
<div>
<ol class="steps">${STEPS.map(([title, text]) => html`<li><b>${title}.</b> ${prose(text)}</li>\n`)}</ol>
</div>
<div class="codes">
${code('With the typed client', TYPED_SIGN_IN)}
${code('Where the token goes', HANDED_OVER)}
</div>
</div>
<div class="pair">
<div>
<h3>When a session is over</h3>
<p>What is public goes on through the first two, without a gap. Every call is looked at anew: there is no session for it from that moment.</p>
${table(
  ['What', 'Subscriptions of the wallet', 'The connection'],
  ENDS.map((row) => row.map(prose)),
  'prose',
)}
<h3>What <code>data.session</code> says</h3>
${table(
  ['It says', 'That is'],
  sessionProblems.map(({ name, description }) => [html`<code>${name}</code>`, prose(description)]),
  'prose',
)}
<p>A token that does not hold keeps nobody out: the connection is let in as nobody's, and what needs a session is answered with
<code>UNAUTHORIZED</code>. Lifetimes and how often are under ${linkTo(anchors.section('limits'), 'limits')}. On <code>/ws</code> the messages
<code>challenge</code> and <code>auth</code> do the same: see ${linkTo(anchors.section('gateway'), 'plain JSON')}.</p>
</div>
<div class="codes">${code('With a stock client', RAW_SIGN_IN)}</div>
</div>`,
  };
}
