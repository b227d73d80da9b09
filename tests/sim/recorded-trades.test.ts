import { describe, expect, it } from 'vitest';
import { parseRecordedTrades, RecordingError } from '../../server/sim/recorded-trades.ts';
import { recording } from '../shared/fixtures.ts';

const [header = '', first = '', second = ''] = recording().split('\n');
const names = header.split(',');

/** A recording whose second trade, line 3, has one field changed. */
function withField(name: string, value: string): string {
  const fields = second.split(',');
  fields[names.indexOf(name)] = value;
  return `${header}\n${first}\n${fields.join(',')}\n`;
}

function refusal(text: string): RecordingError {
  try {
    parseRecordedTrades(text);
  } catch (error) {
    if (error instanceof RecordingError) return error;
    throw error;
  }
  throw new Error('the text was accepted');
}

describe('parseRecordedTrades', () => {
  it('reads every column of a trade', () => {
    expect(parseRecordedTrades(`${header}\n${first}\n`)).toEqual([
      {
        at: 1_757_782_395_000,
        signature: '5xk1fk8eZFh7N6ydZc9YpaXx1QGEqbTDTFJX5WX7RhYucdxgiAvbG9NR4icwDhJgdasdYJh544GmQRZfv5s77BM',
        mint: 'FCuk4XWLR6fAJFTcQoMrm3KeywSt2X6wK4Ufh4Xjpump',
        creator: 'Ab6VFq1eje9J8zNCqE9RdjYESMTPgz6cdir5gzWv2fxt',
        trader: 'Ab6VFq1eje9J8zNCqE9RdjYESMTPgz6cdir5gzWv2fxt',
        side: 'buy',
        sol: 380_000_069n,
        tokens: 13_421_332_211_323n,
        protocolFee: 3_610_001n,
        creatorFee: 1_140_001n,
        after: {
          virtualSol: 30_380_000_069n,
          virtualTokens: 1_059_578_667_788_677n,
          realSol: 380_000_069n,
          realTokens: 779_678_667_788_677n,
        },
      },
    ]);
  });

  it('keeps the order of the lines', () => {
    const trades = parseRecordedTrades(recording());
    expect(trades).toHaveLength(1_467);
    expect(trades.slice(0, 2).map(({ sol }) => sol)).toEqual([380_000_069n, 1_444_000_276n]);
  });

  it('does without the last line break, and takes those of Windows', () => {
    const expected = parseRecordedTrades(`${header}\n${first}\n${second}\n`);
    expect(expected).toHaveLength(2);
    expect(parseRecordedTrades(`${header}\n${first}\n${second}`)).toEqual(expected);
    expect(parseRecordedTrades(`${header}\r\n${first}\r\n${second}\r\n`)).toEqual(expected);
  });

  it('reads a recording without a trade', () => {
    expect(parseRecordedTrades(`${header}\n`)).toEqual([]);
  });

  it.each([
    ['nothing at all', ''],
    ['a trade', first],
    ['a column too few', names.slice(1).join(',')],
    ['a column too many', `${header},fee`],
    ['columns in another order', [...names].reverse().join(',')],
  ])('refuses %s for a header', (_, line) => {
    expect(refusal(`${line}\n${first}\n`)).toMatchObject({ line: 1, column: null });
  });

  it.each([
    ['a field too few', second.slice(0, second.lastIndexOf(',')), 'has 13 columns instead of 14'],
    ['a field too many', `${second},0`, 'has 15 columns instead of 14'],
    ['no field', '', 'has 1 columns instead of 14'],
  ])('names the line that has %s', (_, line, problem) => {
    const error = refusal(`${header}\n${first}\n${line}\n${first}\n`);
    expect(error).toMatchObject({ line: 3, column: null, message: `line 3: ${problem}` });
  });

  it.each([
    ['block_time', ['', '-1', '1.5', 'today', '999999999999']],
    ['signature', ['', 'short', '0'.repeat(88), '1'.repeat(89)]],
    ['mint', ['', 'FCuk4', '1'.repeat(31)]],
    ['creator', ['', '0'.repeat(32)]],
    ['trader', ['', '1'.repeat(33)]],
    ['side', ['', 'BUY', 'hold']],
    ['sol_amount', ['', '-1', '0.5', '1e9', '0x10', ' 1', '9223372036854775808', '1'.repeat(20)]],
    ['token_amount', ['', '0', '-1', '9223372036854775808']],
    ['virtual_sol_reserves', ['', '0', '9223372036854775808']],
    ['virtual_token_reserves', ['', '0', '9223372036854775808']],
    ['real_sol_reserves', ['', '-1', '9223372036854775808']],
    ['real_token_reserves', ['', '-1', '9223372036854775808']],
    ['protocol_fee', ['', '-1', '9223372036854775808']],
    ['creator_fee', ['', '-1', '9223372036854775808']],
  ])('names line and column of a bad %s', (column, values) => {
    for (const value of values) {
      const error = refusal(withField(column, value));
      expect(error, value).toMatchObject({ line: 3, column });
      expect(error.message).toContain(`line 3, column ${column}: `);
    }
  });

  it.each(['real_sol_reserves', 'real_token_reserves', 'protocol_fee', 'creator_fee'])(
    'takes 0 as %s',
    (column) => {
      expect(parseRecordedTrades(withField(column, '0'))).toHaveLength(2);
    },
  );

  it('takes the sale of dust, which brings nothing', () => {
    expect(parseRecordedTrades(withField('sol_amount', '0'))[1]?.sol).toBe(0n);
  });
});
