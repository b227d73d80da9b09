import './graduation-moment.css';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { AgentId } from '../../shared/ids.ts';
import { useAgentHandle } from '../live/hooks.ts';
import { useServices } from '../services.ts';
import { calm, mayAnimate } from '../ui/motion.ts';

const LASTS_MS = 1_800;
/** What is heard of later, after a lost connection for instance, is no moment any more. */
const MOMENT_MS = 5_000;
/** The last spark, which begins a quarter of a second late, is gone with the words. */
const SPARK_MS = LASTS_MS - 300;
const SPARKS = Array.from({ length: 24 }, (_, spark) => spark);

interface GraduationMomentProps {
  readonly agentId: AgentId;
  readonly symbol: string;
}

/**
 * Celebrates the graduation of an agent when it happens before the viewer's eyes: for less than two seconds, until any key
 * or press, and not at all where motion is unwelcome. Nothing waits for it.
 */
export function GraduationMoment({ agentId, symbol }: GraduationMomentProps) {
  const handle = useAgentHandle(agentId);
  const { serverClock } = useServices();
  const [isOn, setOn] = useState(false);
  useEffect(
    () =>
      handle.listen(({ data }) => {
        if (data.type !== 'agent_graduated' || serverClock.now() - data.at > MOMENT_MS) return;
        if (!calm()) setOn(true);
      }),
    [handle, serverClock],
  );
  useEffect(() => {
    if (!isOn) return;
    const end = (): void => setOn(false);
    const timer = setTimeout(end, LASTS_MS);
    window.addEventListener('keydown', end);
    window.addEventListener('pointerdown', end);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', end);
      window.removeEventListener('pointerdown', end);
    };
  }, [isOn]);
  return isOn ? <Fireworks symbol={symbol} /> : null;
}

function Fireworks({ symbol }: Pick<GraduationMomentProps, 'symbol'>) {
  const sky = useRef<HTMLDivElement>(null);
  useSparks(sky);
  return (
    <div className="moment" ref={sky} aria-hidden="true">
      {SPARKS.map((spark) => (
        <span key={spark} className="moment-spark" />
      ))}
      <p className="moment-words">
        <strong>{symbol} graduated</strong>
        <span>Its curve is sold out.</span>
      </p>
    </div>
  );
}

/** Has the sparks in an element fly, each its own way and the same way each time. */
function useSparks(sky: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    for (const [index, spark] of [...(sky.current?.querySelectorAll('.moment-spark') ?? [])].entries()) {
      const angle = ((index + 0.5) / SPARKS.length) * 2 * Math.PI;
      const reach = 24 + ((index * 7) % 5) * 6;
      const x = Math.cos(angle) * reach * 1.25;
      const y = Math.sin(angle) * reach * 0.75 - 8;
      if (!mayAnimate(spark)) continue;
      spark.animate(
        [
          { opacity: 1, transform: 'none' },
          { opacity: 0, transform: `translate(${x}vmin, ${y}vmin) rotate(90deg)` },
        ],
        {
          duration: SPARK_MS,
          delay: (index % 6) * 50,
          easing: 'cubic-bezier(0.2, 0.7, 0.3, 1)',
          fill: 'backwards',
        },
      );
    }
  }, [sky]);
}
