// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { tokens } from '../../shared/units.ts';
import { Change } from '../../web/ui/change.tsx';
import { changeBps, percent, shareText, signedPercent } from '../../web/ui/percent.ts';
import { Tokens } from '../../web/ui/tokens.tsx';

afterEach(cleanup);

describe('a percentage', () => {
  it('is of a change, also of one from nothing', () => {
    expect(changeBps(200n, 250n)).toBe(2_500);
    expect(changeBps(200n, 150n)).toBe(-2_500);
    expect(changeBps(0n, 5n)).toBe(0);
  });

  it('has as many decimals as asked for, and is rounded down', () => {
    expect(percent(9_999, 1)).toBe('99.9 %');
    expect(percent(5, 2)).toBe('0.05 %');
  });

  it.each([
    [1_234, 1, '+12.3 %'],
    [-405, 1, '−4.0 %'],
    [-9, 1, '0.0 %'],
    [-9, 2, '−0.09 %'],
    [0, 2, '0.00 %'],
  ] as const)('of %i basis points with a sign and %i decimals reads %s', (bps, places, text) => {
    expect(signedPercent(bps, places)).toBe(text);
  });

  it('never shows a part of something as nothing', () => {
    expect(shareText(1n, 1_000_000n)).toBe('<0.01 %');
    expect(shareText(0n, 5n)).toBe('0.00 %');
    expect(shareText(1n, 8n)).toBe('12.50 %');
  });
});

describe('a change', () => {
  const shown = (bps: number | null, isShort = false) => {
    const { container } = render(<Change bps={bps} isShort={isShort} />);
    const [element] = container.children;
    return {
      text: container.textContent,
      tone: ['up', 'down', 'muted'].filter((tone) => element?.classList.contains(tone)),
      arrows: container.querySelectorAll('svg').length,
    };
  };

  it('is told by sign, hue and arrow; short by sign and hue', () => {
    expect(shown(250)).toEqual({ text: '+2.50 %', tone: ['up'], arrows: 1 });
    expect(shown(-250)).toEqual({ text: '−2.50 %', tone: ['down'], arrows: 1 });
    expect(shown(-250, true)).toEqual({ text: '−2.5 %', tone: ['down'], arrows: 0 });
  });

  it('that reads as none has none of them, and one that is not known says so', () => {
    expect(shown(0)).toEqual({ text: '0.00 %', tone: ['muted'], arrows: 0 });
    expect(shown(9, true)).toEqual({ text: '0.0 %', tone: ['muted'], arrows: 0 });
    expect(shown(9)).toEqual({ text: '+0.09 %', tone: ['up'], arrows: 1 });
    expect(shown(null)).toEqual({ text: '–', tone: ['muted'], arrows: 0 });
  });
});

describe('an amount of tokens', () => {
  it('is short, and exact as a tooltip', () => {
    const { container } = render(
      <>
        <Tokens value={tokens('1234567.5')} symbol="ORCL" />
        <Tokens value={tokens('2')} />
      </>,
    );
    const [named, plain] = container.querySelectorAll('.figure');
    expect([named?.textContent, named?.getAttribute('title')]).toEqual(['1.23M ORCL', '1234567.5 ORCL']);
    expect([plain?.textContent, plain?.getAttribute('title')]).toEqual(['2.00', '2 tokens']);
  });
});
