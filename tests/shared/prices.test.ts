import { expect, it } from 'vitest';
import { agentId } from '../../shared/ids.ts';
import { tokens } from '../../shared/units.ts';
import { createdAgent, reduceAgent } from '../../shared/views/agent.ts';
import { curveOf, priceOf } from '../../shared/views/prices.ts';
import { AgentStory, alice, bob } from './fixtures.ts';

it('the curve that a price was taken from follows from the price', () => {
  const story = new AgentStory(agentId('1'));
  let agent = createdAgent(story.created());
  expect(curveOf(priceOf(agent))).toEqual(agent.curve);
  for (const trade of [
    story.buy(alice, tokens('1000000.5')),
    story.buy(bob, tokens('300000000')),
    story.sell(alice, tokens('999999.000001')),
    story.buy(bob, tokens('600000000')),
  ]) {
    agent = reduceAgent(agent, trade);
    expect(curveOf(priceOf(agent))).toEqual(agent.curve);
  }
  expect(agent.curve.realTokens).toBe(0n);
});
