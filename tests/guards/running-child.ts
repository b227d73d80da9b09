import { Overload } from '../../server/guards/overload.ts';
import { RateLimits } from '../../server/guards/rate-limits.ts';

// All that has a timer, left running: the process must end nevertheless.
new Overload().start();
const limits = new RateLimits();
await limits.check('faucet', { address: '203.0.113.9' });
console.log('started');
