import { describe, expect, it } from 'vitest';
import { encodeLine, RecordDecoder } from '../../server/journal/codec.ts';
import type { LogRecord } from '../../server/journal/log.ts';
import type { EventType } from '../../shared/events.ts';
import { walletAddress } from '../../shared/ids.ts';
import { orderId, sampleEntries, WALLETS, walletCredited } from '../support/entries.ts';

const [ANN, BOB, CAT] = WALLETS;
const VAULT = 'Vote111111111111111111111111111111111111111';
const VAULT_MOVED =
  `null,"1","${VAULT}","${ANN}","${CAT}",` +
  '"2000000000","15000","7000000000","1050000000000000000","7350000000"';
const RATE = '123456789012345678901234';
const MEDAL_LISTS = `[["gold","1","${ANN}","9000",4,"50"],["silver","3","${CAT}","8000",1,"0"]]`;

const decode = (line: string): LogRecord => new RecordDecoder().decode(line);

describe('the stored line of an event', () => {
  // What is stored must stay readable: a change of any of these lines is a new schema version.
  it.each<{ type: EventType; fields: string }>([
    {
      type: 'agent_created',
      fields:
        '"1","Oracle","ORCL","Reads \\"markets\\" – and tells\\nwhat it sees",null,' +
        `"${ANN}","EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"`,
    },
    {
      type: 'trade_executed',
      fields:
        `"1","${BOB}","buy","34612903225807","1000000001","9500001","3000001","31000000001",` +
        '"1038387096774193","1000000001","758487096774193","29853990"',
    },
    {
      type: 'agent_graduated',
      fields: '"1","ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL","85005359057","206900000000000"',
    },
    { type: 'wallet_credited', fields: `null,"${CAT}","5000000000"` },
    { type: 'king_changed', fields: '"1",null,"29853990000"' },
    { type: 'season_started', fields: 'null,1,1735736400000' },
    {
      type: 'season_ended',
      fields: `null,1,"190000020",${MEDAL_LISTS}`,
    },
    { type: 'staked', fields: `"1","${BOB}","1000000","5000000","70000000","${RATE}"` },
    { type: 'unstaked', fields: `"1","${BOB}","1000000","5000000","70000000","${RATE}"` },
    { type: 'rewards_claimed', fields: `"1","${BOB}","617283","${RATE}"` },
    { type: 'vault_created', fields: `null,"1","${VAULT}","${ANN}","The \\"slow\\" vault",1500` },
    { type: 'vault_deposited', fields: `${VAULT_MOVED},"2100000000"` },
    {
      type: 'vault_withdrawn',
      fields: `${VAULT_MOVED},"1100000000",[["1","30000000","900000000"],["2","1","0"]]`,
    },
  ])('of $type is always the same', ({ type, fields }) => {
    const entry = sampleEntries[type];
    const line = `[${entry.seq},${entry.at},"${type}",${fields}]`;
    expect(encodeLine({ entry, order: null })).toBe(line);
    expect(decode(line)).toStrictEqual({ entry, order: null });
  });

  it('of a credit has a source only when that is the faucet, so what was stored before was an operator’s', () => {
    const entry = walletCredited(4, { source: 'faucet' });
    const head = `[4,${entry.at},"wallet_credited",null,"${CAT}","5000000000"`;
    const order = { wallet: entry.wallet, clientOrderId: orderId(1), request: 'take_faucet', entries: 1 };
    const operators = { ...order, wallet: walletAddress(ANN), request: 'credit_wallet' };
    const credit = { ...entry, source: 'operator' as const };
    const lines = [
      [`${head}]`, { entry: credit, order: null }],
      [`${head},"${ANN}","order-1",1,"credit_wallet"]`, { entry: credit, order: operators }],
      [
        `${head},null,"order-1",1,"credit_wallet"]`,
        { entry: credit, order: { ...order, request: 'credit_wallet' } },
      ],
      [`${head},"faucet"]`, { entry, order: null }],
      [`${head},"faucet",null,"order-1",1,"take_faucet"]`, { entry, order }],
      [`${head},"faucet","${ANN}","order-1",1,"credit_wallet"]`, { entry, order: operators }],
    ] as const;
    for (const [line, record] of lines) {
      expect(encodeLine(record)).toBe(line);
      expect(decode(line)).toStrictEqual(record);
    }
  });

  it.each(['"operator"', '"tap"', '""', '"faucet","faucet"', 'null', '0', '["faucet"]'])(
    'of a credit is refused with %s as its source',
    (source) => {
      const line = encodeLine({ entry: walletCredited(4, { source: 'faucet' }), order: null });
      expect(line).toContain('"faucet"');
      expect(() => decode(line.replace('"faucet"', source))).toThrow(RangeError);
    },
  );

  it.each<{ type: EventType; name: string; from: string; to: string }>([
    { type: 'season_ended', name: 'no list of medals', from: '[["gold"', to: 'null,[["gold"' },
    { type: 'season_ended', name: 'a text in the place of the medals', from: MEDAL_LISTS, to: '"[]"' },
    { type: 'season_ended', name: 'a medal that is no list', from: '[["gold"', to: '["gold",["gold"' },
    { type: 'season_ended', name: 'null among the medals', from: '[["gold"', to: '[null,["gold"' },
    { type: 'season_ended', name: 'a list around the medals', from: MEDAL_LISTS, to: `[${MEDAL_LISTS}]` },
    { type: 'season_ended', name: 'a medal of nothing', from: '[["gold"', to: '[[],["gold"' },
    { type: 'season_ended', name: 'a medal without its prize', from: ',4,"50"]', to: ',4]' },
    { type: 'season_ended', name: 'a medal with a field too many', from: ',4,"50"]', to: ',4,"50",null]' },
    { type: 'season_ended', name: 'fields of one medal in the next', from: ',"50"],[', to: '],["50",' },
    { type: 'season_ended', name: 'a medal that is none', from: '"gold"', to: '"lead"' },
    { type: 'season_ended', name: 'a medal without an agent', from: '"gold","1"', to: '"gold",null' },
    { type: 'season_ended', name: 'half a trader', from: ',4,', to: ',4.5,' },
    { type: 'season_ended', name: 'a field behind the medals', from: ']]]', to: ']],[]]' },
    { type: 'season_ended', name: 'no season', from: 'null,1,', to: 'null,null,' },
    { type: 'season_started', name: 'an agent', from: 'null,1,', to: '"1",1,' },
    { type: 'season_started', name: 'a season as a text', from: 'null,1,', to: 'null,"1",' },
    { type: 'season_started', name: 'no end', from: ',1735736400000]', to: ']' },
    { type: 'king_changed', name: 'an agent that is none', from: '"1",null', to: '"01",null' },
    { type: 'king_changed', name: 'a previous agent that is none', from: '"1",null', to: '"1",0' },
    { type: 'king_changed', name: 'an agent too few', from: '"1",null', to: '"1"' },
    { type: 'king_changed', name: 'no market cap', from: '"29853990000"', to: 'null' },
    { type: 'staked', name: 'no agent', from: '"1",', to: 'null,' },
    { type: 'staked', name: 'no wallet', from: `"${BOB}"`, to: 'null' },
    { type: 'staked', name: 'no rate', from: `"${RATE}"`, to: 'null' },
    { type: 'staked', name: 'a rate below zero', from: `"${RATE}"`, to: '"-1"' },
    { type: 'staked', name: 'a rate with a sign', from: `"${RATE}"`, to: '"+1"' },
    { type: 'staked', name: 'a rate of 61 digits', from: `"${RATE}"`, to: `"${'1'.repeat(61)}"` },
    { type: 'staked', name: 'an empty rate', from: `"${RATE}"`, to: '""' },
    { type: 'staked', name: 'a rate as a number', from: `"${RATE}"`, to: '12' },
    { type: 'staked', name: 'a stake as wide as a rate', from: '"5000000"', to: `"${RATE}"` },
    { type: 'unstaked', name: 'a field too few', from: '"5000000",', to: '' },
    { type: 'rewards_claimed', name: 'no agent', from: '"1",', to: 'null,' },
    { type: 'rewards_claimed', name: 'a rate that is none', from: `"${RATE}"`, to: '"1e9"' },
    { type: 'vault_created', name: 'an agent', from: 'null,"1"', to: '"1","1"' },
    { type: 'vault_created', name: 'no vault', from: 'null,"1"', to: 'null,null' },
    { type: 'vault_created', name: 'a vault that is none', from: 'null,"1"', to: 'null,"0"' },
    { type: 'vault_created', name: 'no name', from: '"The \\"slow\\" vault"', to: 'null' },
    { type: 'vault_created', name: 'a fee below zero', from: ',1500]', to: ',-1]' },
    { type: 'vault_deposited', name: 'shares as wide as a rate', from: '"15000"', to: `"${RATE}"` },
    { type: 'vault_deposited', name: 'shares out of range', from: '"15000"', to: '"9999999999999999999"' },
    {
      type: 'vault_deposited',
      name: 'tokens, as a withdrawal',
      from: '"2100000000"]',
      to: '"2100000000",[]]',
    },
    {
      type: 'vault_withdrawn',
      name: 'no tokens',
      from: ',[["1","30000000","900000000"],["2","1","0"]]',
      to: '',
    },
    { type: 'vault_withdrawn', name: 'a position too short', from: '["2","1","0"]', to: '["2","1"]' },
    { type: 'vault_withdrawn', name: 'a position too long', from: '["2","1","0"]', to: '["2","1","0","0"]' },
  ])('of $type is refused with $name', ({ type, from, to }) => {
    const line = encodeLine({ entry: sampleEntries[type], order: null });
    expect(line).toContain(from);
    expect(() => decode(line.replace(from, to))).toThrow(RangeError);
  });

  it('reads on after a line that was refused inside a list', () => {
    const decoder = new RecordDecoder();
    const line = encodeLine({ entry: sampleEntries.season_ended, order: null });
    expect(() => decoder.decode(line.replace('"gold"', '"lead"'))).toThrow(
      'field 1 is none of gold, silver, bronze',
    );
    expect(decoder.decode(line).entry).toStrictEqual(sampleEntries.season_ended);
  });
});
