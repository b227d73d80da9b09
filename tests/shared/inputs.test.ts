import { describe, expect, it } from 'vitest';
import {
  ACTIVITY_KINDS,
  activitiesInput,
  agentsInput,
  buyInput,
  candlesInput,
  createAgentInput,
  createVaultInput,
  creditInput,
  imageUrlSchema,
  nameSchema,
  onAccountInput,
  onActivityInput,
  onAgentCreatedInput,
  onAgentInput,
  onGraduationInput,
  onKingInput,
  onOlympicsInput,
  onPriceInput,
  onStakingInput,
  onTradeInput,
  onVaultInput,
  onVaultsInput,
  pageInput,
  purposeSchema,
  quoteInput,
  sellInput,
  sparklinesInput,
  stakeInput,
  standingsInput,
  symbolSchema,
  tradesInput,
  unstakeInput,
  vaultBuyInput,
  vaultDepositInput,
  vaultInput,
  vaultSellInput,
  vaultsInput,
  vaultWithdrawInput,
} from '../../shared/inputs.ts';
import { AMOUNT_LIMIT } from '../../shared/units.ts';
import { alice } from './fixtures.ts';

const order = { clientOrderId: 'order-1' };

describe('a name', () => {
  it.each([
    ['one character', 'A'],
    ['32 characters', 'x'.repeat(32)],
    ['32 emoji, which are 64 UTF-16 units', '🤖'.repeat(32)],
    ['words', 'Ada of the curve, 2nd'],
    ['another script', 'エージェント'],
    ['Arabic', 'وكيل'],
    ['Devanagari with its marks', 'हिन्दी'],
    ['an emoji with its variation selector', 'I ❤️ SOL'],
    ['a flag', '🇨🇭'],
    ['a skin tone', '👋🏽'],
  ])('may be %s', (_, name) => {
    expect(nameSchema.parse(name)).toBe(name);
  });

  it('loses the space around it and comes out composed', () => {
    expect(nameSchema.parse('  Ada ')).toBe('Ada');
    expect(nameSchema.parse('Zoe\u0308')).toBe('Zo\u00eb');
    expect(nameSchema.parse('e\u0301'.repeat(32))).toBe('\u00e9'.repeat(32));
  });

  it.each([
    ['empty', ''],
    ['only spaces', '   '],
    ['33 characters', 'x'.repeat(33)],
    ['33 emoji', '🤖'.repeat(33)],
    ['two spaces in a row', 'a  b'],
    ['a tab', 'a\tb'],
    ['a line break', 'a\nb'],
    ['a no-break space', 'a\u00a0b'],
    ['NUL', 'a\u0000b'],
    ['an RTL override', 'a\u202eb'],
    ['an RTL isolate', 'a\u2067b'],
    ['an RTL mark', 'a\u200fb'],
    ['a zero-width space', 'a\u200bb'],
    ['a zero-width joiner', 'a\u200db'],
    ['a word joiner', 'a\u2060b'],
    ['a byte order mark', 'a\ufeffb'],
    ['a soft hyphen', 'a\u00adb'],
    ['a tag character', 'a\u{e0041}b'],
    ['a private-use character', 'a\ue000b'],
    ['half a surrogate pair', 'a\ud83d'],
    ['a Hangul filler alone', '\u3164'],
    ['a Hangul filler inside', 'a\u3164b'],
    ['a half-width Hangul filler', 'a\uffa0b'],
    ['a blank Braille pattern', '\u2800'],
    ['a combining grapheme joiner', 'a\u034fb'],
    ['a variation selector alone', '\ufe0f'],
    ['two variation selectors', '❤\ufe0f\ufe0f'],
    ['a mark without a character', '\u0301'],
    ['a mark after a space', 'a \u0301'],
  ])('may not be or hold %s', (_, name) => {
    expect(nameSchema.safeParse(name).success).toBe(false);
  });

  it('is refused quickly however long it is', () => {
    expect(nameSchema.safeParse('a '.repeat(100_000)).success).toBe(false);
  });
});

describe('a symbol', () => {
  it.each(['AB', 'A1', '42', 'ABCDEFGHIJ'])('may be %j', (symbol) => {
    expect(symbolSchema.parse(symbol)).toBe(symbol);
  });

  it.each(['', 'A', 'ABCDEFGHIJK', 'ab', 'A B', 'A$', 'ÄÖ', 'АВ', 'AB\n', '🤖🤖'])(
    'may not be %j',
    (symbol) => {
      expect(symbolSchema.safeParse(symbol).success).toBe(false);
    },
  );
});

describe('a purpose', () => {
  it('may be empty, have lines and 500 characters of any script', () => {
    for (const text of ['', 'Buys low.\nSells high.', '🤖'.repeat(500)])
      expect(purposeSchema.parse(text)).toBe(text);
  });

  it('comes out trimmed and composed', () => {
    expect(purposeSchema.parse('\n Thinks. \n')).toBe('Thinks.');
    expect(purposeSchema.parse('e\u0301'.repeat(500))).toBe('\u00e9'.repeat(500));
  });

  it.each([
    ['501 characters', 'x'.repeat(501)],
    ['a NUL', 'a\u0000b'],
    ['an escape', 'a\u001b[2Jb'],
    ['a tab', 'a\tb'],
    ['a next-line control', 'a\u0085b'],
  ])('may not have %s', (_, text) => {
    expect(purposeSchema.safeParse(text).success).toBe(false);
  });
});

describe('an image URL', () => {
  it('may be https', () => {
    const url = 'https://example.com/ada.png?size=64#top';
    expect(imageUrlSchema.parse(url)).toBe(url);
    expect(imageUrlSchema.safeParse(`https://example.com/${'x'.repeat(2028)}`).success).toBe(true);
  });

  it.each([
    'http://example.com/ada.png',
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    'ftp://example.com/a',
    'httpsx://example.com',
    '//example.com/ada.png',
    '/ada.png',
    'example.com',
    'https://',
    '',
    `https://example.com/${'x'.repeat(2029)}`,
  ])('may not be %s', (url) => {
    expect(imageUrlSchema.safeParse(url).success).toBe(false);
  });
});

describe('createAgent', () => {
  const input = { ...order, name: 'Ada', symbol: 'ADA' };

  it('fills in what may be left out', () => {
    expect(createAgentInput.parse(input)).toEqual({ ...input, purpose: '', imageUrl: null });
    expect(createAgentInput.parse({ ...input, imageUrl: null }).imageUrl).toBeNull();
    expect(createAgentInput.parse({ ...input, firstBuy: { sol: 5n } }).firstBuy).toEqual({
      sol: 5n,
      minTokens: 0n,
    });
  });

  it('needs an order id, a name and a symbol, and a first buy of something', () => {
    for (const change of [{ clientOrderId: undefined }, { name: undefined }, { symbol: undefined }]) {
      expect(createAgentInput.safeParse({ ...input, ...change }).success).toBe(false);
    }
    expect(createAgentInput.safeParse({ ...input, firstBuy: { sol: 0n } }).success).toBe(false);
  });
});

describe('a vault', () => {
  it('has a name as an agent has, and a fee of at most a fifth, none unless it is named', () => {
    expect(createVaultInput.parse({ ...order, name: ' Slow ' })).toMatchObject({
      name: 'Slow',
      performanceFeeBps: 0,
    });
    for (const performanceFeeBps of [0, 1, 2_000]) {
      expect(createVaultInput.parse({ ...order, name: 'Slow', performanceFeeBps })).toMatchObject({
        performanceFeeBps,
      });
    }
    for (const performanceFeeBps of [-1, 2_001, 0.5, Number.NaN, '100', 100n]) {
      expect(createVaultInput.safeParse({ ...order, name: 'Slow', performanceFeeBps }).success).toBe(false);
    }
    for (const name of ['', ' ', 'x'.repeat(33), 'a\u202Eb']) {
      expect(createVaultInput.safeParse({ ...order, name }).success, name).toBe(false);
    }
  });

  it('is deposited to for shares, at least none', () => {
    expect(vaultDepositInput.parse({ ...order, vaultId: '1', sol: 1n }).minShares).toBe(0n);
    for (const minShares of [-1n, AMOUNT_LIMIT, 1]) {
      const input = { ...order, vaultId: '1', sol: 1n, minShares };
      expect(vaultDepositInput.safeParse(input).success, String(minShares)).toBe(false);
    }
  });

  it.each(['0', '01', 'x', '', '-1', '1.5', ' 1', '9'.repeat(16)])('is none by the id %j', (vaultId) => {
    expect(vaultInput.safeParse({ vaultId }).success).toBe(false);
    expect(onVaultInput.safeParse({ vaultId }).success).toBe(false);
    expect(vaultDepositInput.safeParse({ ...order, vaultId, sol: 1n }).success).toBe(false);
    expect(vaultWithdrawInput.safeParse({ ...order, vaultId, shares: 1n }).success).toBe(false);
    expect(vaultSellInput.safeParse({ ...order, agentId: '1', vaultId, tokens: 1n }).success).toBe(false);
  });
});

const vaultTrade = { agentId: '1', vaultId: '1' };

describe('amounts of orders', () => {
  const inputs = [
    ['buy for SOL', buyInput, 'sol', { ...order, agentId: '1', exact: 'sol', minTokens: 0n }],
    ['buy of tokens', buyInput, 'tokens', { ...order, agentId: '1', exact: 'tokens', maxSol: 1n }],
    ['limit of a buy', buyInput, 'maxSol', { ...order, agentId: '1', exact: 'tokens', tokens: 1n }],
    ['sell', sellInput, 'tokens', { ...order, agentId: '1' }],
    ['credit', creditInput, 'sol', { ...order, wallet: alice }],
    ['quote for SOL', quoteInput, 'sol', { kind: 'buy_sol', agentId: '1' }],
    ['quote of tokens', quoteInput, 'tokens', { kind: 'buy_tokens', agentId: '1' }],
    ['quote of a sale', quoteInput, 'tokens', { kind: 'sell', agentId: '1' }],
    ['stake', stakeInput, 'tokens', { ...order, agentId: '1' }],
    ['unstake', unstakeInput, 'tokens', { ...order, agentId: '1' }],
    ['deposit', vaultDepositInput, 'sol', { ...order, vaultId: '1' }],
    ['withdrawal', vaultWithdrawInput, 'shares', { ...order, vaultId: '1' }],
    ['vault’s buy for SOL', vaultBuyInput, 'sol', { ...order, ...vaultTrade, exact: 'sol' }],
    [
      'vault’s buy of tokens',
      vaultBuyInput,
      'tokens',
      { ...order, ...vaultTrade, exact: 'tokens', maxSol: 1n },
    ],
    ['vault’s sale', vaultSellInput, 'tokens', { ...order, ...vaultTrade }],
  ] as const;

  it.each(inputs)('%s: positive and below 2^63', (_, schema, field, rest) => {
    for (const amount of [1n, AMOUNT_LIMIT - 1n]) {
      expect(schema.parse({ ...rest, [field]: amount })).toMatchObject({ [field]: amount });
    }
    for (const amount of [0n, -1n, AMOUNT_LIMIT, 1, '1', undefined]) {
      expect(schema.safeParse({ ...rest, [field]: amount }).success, String(amount)).toBe(false);
    }
  });

  it('have limits that may be zero and default to it', () => {
    expect(sellInput.parse({ ...order, agentId: '1', tokens: 1n }).minSol).toBe(0n);
    expect(buyInput.parse({ ...order, agentId: '1', exact: 'sol', sol: 1n })).toMatchObject({
      minTokens: 0n,
    });
    expect(sellInput.safeParse({ ...order, agentId: '1', tokens: 1n, minSol: -1n }).success).toBe(false);
  });

  it('name their kind: an order that mixes the two is refused', () => {
    expect(buyInput.safeParse({ ...order, agentId: '1', exact: 'sol', tokens: 1n, maxSol: 1n }).success).toBe(
      false,
    );
    expect(buyInput.safeParse({ ...order, agentId: '1', sol: 1n }).success).toBe(false);
  });
});

describe('lists', () => {
  it('have a usual and a greatest length', () => {
    expect(agentsInput.parse({})).toEqual({ sort: 'new', order: 'usual', limit: 50 });
    expect(sparklinesInput.parse({ agentIds: ['1'] })).toMatchObject({ interval: '5m', points: 24 });
    expect(candlesInput.parse({ agentId: '1' })).toMatchObject({ interval: '1m', limit: 240 });
    for (const limit of [0, 101, 1.5, '5']) expect(agentsInput.safeParse({ limit }).success).toBe(false);
    expect(agentsInput.parse({ limit: 100 }).limit).toBe(100);
    expect(tradesInput.safeParse({ limit: 201 }).success).toBe(false);
  });

  it.each([
    ['kings and seasons', pageInput, 50],
    ['activities', activitiesInput, 50],
    ['standings', standingsInput, 20],
    ['vaults', vaultsInput, 50],
  ])('of %s need no input, and have at most 100', (_, schema, usual) => {
    expect(schema.parse(undefined)).toEqual({ limit: usual });
    expect(schema.parse({})).toEqual({ limit: usual });
    expect(schema.parse({ limit: 100 }).limit).toBe(100);
    for (const limit of [0, 101, 1.5, '5']) expect(schema.safeParse({ limit }).success).toBe(false);
  });

  it('of activities may be of some kinds', () => {
    const kinds = ['medals', 'staked'] as const;
    expect(activitiesInput.parse({ kinds }).kinds).toEqual(kinds);
    expect(onActivityInput.parse({ kinds }).kinds).toEqual(kinds);
    for (const bad of [[], ['unheard of'], 'medals', [...ACTIVITY_KINDS, 'staked']]) {
      expect(activitiesInput.safeParse({ kinds: bad }).success).toBe(false);
      expect(onActivityInput.safeParse({ kinds: bad }).success).toBe(false);
    }
  });

  it('have bounded search texts and cursors', () => {
    expect(agentsInput.parse({ search: '  ada ' }).search).toBe('ada');
    expect(agentsInput.safeParse({ search: 'x'.repeat(65) }).success).toBe(false);
    for (const schema of [agentsInput, pageInput, activitiesInput, vaultsInput]) {
      expect(schema.parse({ cursor: 'x'.repeat(128) }).cursor).toHaveLength(128);
      expect(schema.safeParse({ cursor: 'x'.repeat(129) }).success).toBe(false);
    }
  });
});

describe('subscriptions', () => {
  const needNothing = [
    onTradeInput,
    onPriceInput,
    onGraduationInput,
    onAgentCreatedInput,
    onKingInput,
    onActivityInput,
    onOlympicsInput,
    onStakingInput,
    onVaultsInput,
    onAccountInput,
  ];

  it('take 1 to 100 agents', () => {
    const ids = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}`);
    expect(onPriceInput.parse({ agentIds: ids(100) }).agentIds).toHaveLength(100);
    expect(onPriceInput.safeParse({ agentIds: ids(101) }).success).toBe(false);
    expect(onPriceInput.safeParse({ agentIds: [] }).success).toBe(false);
    expect(onPriceInput.safeParse({ agentIds: ['0'] }).success).toBe(false);
  });

  it('need no input', () => {
    for (const schema of needNothing) expect(schema.parse(undefined)).toEqual({});
  });

  it.each([null, '', 'x', '0-0', 'a1b2c3-17', '../../etc', '\u0000', '💥', 'x'.repeat(10_000)])(
    'resume from any text: %j',
    (lastEventId) => {
      for (const schema of needNothing) {
        expect(schema.parse({ lastEventId })).toEqual({ lastEventId });
      }
      expect(onAgentInput.parse({ agentId: '1', lastEventId })).toEqual({ agentId: '1', lastEventId });
      expect(onVaultInput.parse({ vaultId: '1', lastEventId })).toEqual({ vaultId: '1', lastEventId });
    },
  );

  it('filter trades by agent, side, trader and size', () => {
    const filter = { agentId: '1', side: 'buy', trader: alice, minSol: 5n };
    expect(onTradeInput.parse(filter)).toEqual(filter);
    for (const bad of [{ side: 'hold' }, { trader: 'me' }, { minSol: -1n }, { minSol: AMOUNT_LIMIT }]) {
      expect(onTradeInput.safeParse(bad).success).toBe(false);
    }
  });
});
